/**
 * Where one can go: the one list behind the navigation, the command palette and the way out of the wall. A new room of the
 * product is one entry here, one icon (`NavIcon.svelte`) and its words.
 */
import { m } from '#lib/paraglide/messages.js';

export const DESTINATION_IDS = ['wall', 'map', 'districts', 'data', 'import'] as const;
export type DestinationId = (typeof DESTINATION_IDS)[number];

export interface Destination {
	readonly id: DestinationId;
	readonly path: '/wall' | '/map' | '/districts' | '/data' | '/data/import';
	readonly label: () => string;
	/** other places that belong to it: beginnings of paths */
	readonly also?: readonly string[];
}

export const DESTINATIONS: readonly Destination[] = [
	{ id: 'wall', path: '/wall', label: m.shell_nav_wall },
	{ id: 'map', path: '/map', label: m.shell_nav_map },
	{ id: 'districts', path: '/districts', label: m.shell_nav_districts, also: ['/streets', '/stations'] },
	{ id: 'data', path: '/data', label: m.shell_nav_data },
	{ id: 'import', path: '/data/import', label: m.shell_nav_import }
];

/** The destination of which a path is part, the most exact one; null for a path of none. */
export function destinationOf(path: string): DestinationId | null {
	const isIn = (start: string): boolean => path === start || path.startsWith(`${start}/`);
	const found = DESTINATIONS.flatMap(({ id, path: own, also = [] }) =>
		[own, ...also].filter(isIn).map((start) => ({ id, length: start.length }))
	);
	return found.sort((a, b) => b.length - a.length)[0]?.id ?? null;
}
