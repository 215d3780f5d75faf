/** What changed between two moments of a topic, counted by what people read. Pure. */
import type { TopicState } from '#domain/frame.ts';
import type { Columns, Field } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';

export interface Difference {
	/** sites of which anything changed, came or went */
	readonly sites: number;
	/** values that are now others than they were; a site that came or went counts as one */
	readonly values: number;
}

/**
 * What somebody told. Left out is what moves by the clock alone or follows from the rest: moments, seconds of today,
 * the quality of a figure.
 */
const TOLD: readonly Field[] = [
	'status',
	'inside',
	'visitsToday',
	'temperature',
	'humidity',
	'co2',
	'devicesOnline',
	'devicesTotal',
	'mains'
];

/** A copy of a topic's values: the topic itself goes on changing in place. */
export interface HeldValues {
	readonly sites: readonly SiteBrief[];
	readonly columns: Pick<Columns, (typeof TOLD)[number]>;
}

export function holdValues({ directory, columns }: TopicState): HeldValues {
	const copy = { ...columns };
	for (const field of TOLD) Object.assign(copy, { [field]: columns[field].slice() });
	return { sites: directory.sites, columns: copy };
}

/** A value that went there and back does not count: it is shown as it was. */
export function differenceOf(before: HeldValues, after: TopicState): Difference {
	const rowBefore = new Map(before.sites.map((site, row) => [site.code, row]));
	let [sites, values] = [0, 0];
	after.directory.sites.forEach((site, row) => {
		const old = rowBefore.get(site.code);
		rowBefore.delete(site.code);
		const changed =
			old === undefined ? 1 : TOLD.filter((field) => before.columns[field][old] !== after.columns[field][row]).length;
		if (changed > 0) sites++;
		values += changed;
	});
	return { sites: sites + rowBefore.size, values: values + rowBefore.size };
}
