import type { LayoutLoad } from './$types';

/** The frame of desk pages comes with them: a wall has none, and every kilobyte of its start counts. */
export const load: LayoutLoad = async ({ data, route }) => ({
	...data,
	Frame: route.id === '/wall' ? null : (await import('#lib/shell/DeskShell.svelte')).default
});
