import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
	depends('yizhan:quality');
	return { asOf: Date.now(), quality: (await locals.services?.quality()) ?? null };
};
