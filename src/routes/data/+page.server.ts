import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	asOf: Date.now(),
	quality: (await locals.services?.quality()) ?? null
});
