import { redirect } from '@sveltejs/kit';
import type { Role } from '#domain/role.ts';
import type { PageServerLoad } from './$types';

/** Who looks at the city as a whole begins at the wall, who administers the system at its rooms, the others at the map. */
const WALL: readonly Role[] = ['leader', 'department_head'];

export const load: PageServerLoad = ({ locals: { session } }) => {
	if (session === null) redirect(307, '/sign-in');
	if (session.kind === 'screen') redirect(307, '/wall');
	if (session.home === null) redirect(307, '/admin');
	redirect(307, session.roles.some((role) => WALL.includes(role)) ? '/wall' : '/map');
};
