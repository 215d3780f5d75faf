import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { parseScope } from '#domain/scope.ts';
import type { PageServerLoad } from './$types';

/** The page of the whole is, for who has a part of the city, the page of that part. */
export const load: PageServerLoad = ({ locals: { session } }) => {
	const home = parseScope(session?.home ?? 'city');
	if (!home || home.level === 'city') return;
	const of = { code: encodeURIComponent(home.code) };
	if (home.level === 'district') redirect(307, resolve('/districts/[code]', of));
	redirect(307, home.level === 'street' ? resolve('/streets/[code]', of) : resolve('/stations/[code]', of));
};
