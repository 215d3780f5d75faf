import { redirect } from '@sveltejs/kit';
import { localPath } from '#lib/panel/account/local-path.ts';
import type { PageServerLoad } from './$types';

/** Who is in already goes on. What the account still needs is asked for here. */
export const load: PageServerLoad = async ({ url, parent }) => {
	const next = localPath(url.searchParams.get('next'));
	const { session } = await parent();
	if (session?.kind === 'person' && session.need === null) redirect(303, next ?? '/');
	return { next };
};
