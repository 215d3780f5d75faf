/** The state of the feeds is the city's: who answers for a part of it sees the refusals of that part, and no sums of the whole. */
import type { DataQuality } from '../../app.d.ts';
import { seesFeeds } from '../../sources-for.ts';

export async function qualityFor(locals: App.Locals): Promise<DataQuality | null> {
	return seesFeeds(locals) ? (locals.services?.quality() ?? null) : null;
}
