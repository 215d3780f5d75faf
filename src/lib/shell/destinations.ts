/**
 * Where one can go: the one list behind the navigation, the command palette and the way out of the wall. A new room of the
 * product is one entry here, one icon (`NavIcon.svelte`) and its words. Offered is only what may be opened; the server
 * decides by the same rule (src/page-rules.ts).
 */
import type { ObjectName, Right } from '#domain/role.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Session } from './session.ts';
import { mayAnywhere } from './viewer.ts';

export const DESTINATION_IDS = [
	'wall',
	'map',
	'districts',
	'data',
	'import',
	'people',
	'grants',
	'screens',
	'sources',
	'audit'
] as const;
export type DestinationId = (typeof DESTINATION_IDS)[number];

export interface Destination {
	readonly id: DestinationId;
	readonly path:
		| '/wall'
		| '/map'
		| '/districts'
		| '/data'
		| '/data/import'
		| '/admin/people'
		| '/admin/grants'
		| '/admin/screens'
		| '/admin/sources'
		| '/admin/audit';
	/** admin: rooms of those who care for people and machines */
	readonly group: 'city' | 'admin';
	readonly label: () => string;
	/** what one must be able to do, anywhere */
	readonly object: ObjectName;
	readonly right: Right;
	/** left out for who can do this too: the other room holds all of it */
	readonly unless?: Right;
	/** other places that belong to it: beginnings of paths */
	readonly also?: readonly string[];
}

export const DESTINATIONS: readonly Destination[] = [
	{ id: 'wall', path: '/wall', group: 'city', label: m.shell_nav_wall, object: 'figures', right: 'see' },
	{ id: 'map', path: '/map', group: 'city', label: m.shell_nav_map, object: 'station', right: 'read' },
	{
		id: 'districts',
		path: '/districts',
		group: 'city',
		label: m.shell_nav_districts,
		object: 'figures',
		right: 'read',
		also: ['/streets', '/stations']
	},
	{ id: 'data', path: '/data', group: 'city', label: m.shell_nav_data, object: 'intake', right: 'see' },
	{ id: 'import', path: '/data/import', group: 'city', label: m.shell_nav_import, object: 'station', right: 'write' },
	{ id: 'people', path: '/admin/people', group: 'admin', label: m.shell_nav_people, object: 'person', right: 'read' },
	{
		id: 'grants',
		path: '/admin/grants',
		group: 'admin',
		label: m.shell_nav_grants,
		object: 'person',
		right: 'propose',
		unless: 'read'
	},
	{
		id: 'screens',
		path: '/admin/screens',
		group: 'admin',
		label: m.shell_nav_screens,
		object: 'screen',
		right: 'read'
	},
	{
		id: 'sources',
		path: '/admin/sources',
		group: 'admin',
		label: m.shell_nav_sources,
		object: 'source',
		right: 'read'
	},
	{ id: 'audit', path: '/admin/audit', group: 'admin', label: m.shell_nav_audit, object: 'audit', right: 'read' }
];

/** What somebody may open, in the order of the list. Nobody, a screen, a person before their second factor: nothing. */
export function destinationsFor(session: Session): readonly Destination[] {
	if (session?.kind !== 'person') return [];
	const may = (object: ObjectName, right: Right): boolean => mayAnywhere(session, object, right);
	const level = session.home?.slice(0, session.home.indexOf(':'));
	return DESTINATIONS.filter(
		({ id, object, right, unless }) =>
			may(object, right) && (unless === undefined || !may(object, unless)) && (id !== 'wall' || level !== 'station')
	).map((destination) => {
		const label = destination.id === 'districts' ? OWN_PLACE[level ?? ''] : undefined;
		return label ? { ...destination, label } : destination;
	});
}

/** The page of the whole is for them the page of their one place; a wall of one station there is not. By level of `home`. */
const OWN_PLACE: Readonly<Record<string, () => string>> = {
	station: m.shell_nav_my_station,
	street: m.shell_nav_my_street
};

/** The destination of which a path is part, the most exact one; null for a path of none. */
export function destinationOf(path: string): DestinationId | null {
	const isIn = (start: string): boolean => path === start || path.startsWith(`${start}/`);
	const found = DESTINATIONS.flatMap(({ id, path: own, also = [] }) =>
		[own, ...also].filter(isIn).map((start) => ({ id, length: start.length }))
	);
	return found.sort((a, b) => b.length - a.length)[0]?.id ?? null;
}
