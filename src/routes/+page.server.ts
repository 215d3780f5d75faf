import { redirect } from '@sveltejs/kit';
import { SEPARATE_ROLES, type Role } from '#domain/role.ts';
import type { PageServerLoad } from './$types';

/**
 * Who looks at the city as a whole begins at the wall, who administers the system at its rooms, the auditor at the audit, who
 * has one station at its page, the others at the map; whose rooms are not built yet sees at least who they are.
 */
const WALL: readonly Role[] = ['leader', 'department_head'];
const ADMINISTRATORS: readonly Role[] = SEPARATE_ROLES;
const STATION = 'station:';

export const load: PageServerLoad = ({ locals: { session } }) => {
	if (session === null) redirect(307, '/sign-in');
	if (session.kind === 'screen') redirect(307, '/wall');
	const isAdministrator = session.roles.some((role) => ADMINISTRATORS.includes(role));
	if (session.home === null) redirect(307, isAdministrator ? '/admin' : '/profile');
	if (session.home.startsWith(STATION))
		redirect(307, `/stations/${encodeURIComponent(session.home.slice(STATION.length))}`);
	if (session.roles.some((role) => WALL.includes(role))) redirect(307, '/wall');
	redirect(307, session.roles.includes('auditor') ? '/admin/audit' : '/map');
};
