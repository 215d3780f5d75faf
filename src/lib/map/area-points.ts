/** The points of each area: for names, for numbers that stand for them, and for figures of an area. */
import type { AreaMapLevel } from './map-props.ts';
import type { PointSet, PointsView } from './point-set.ts';

export interface AreaPoints {
	readonly code: string;
	readonly name: string;
	/** points of the set */
	readonly members: readonly number[];
	/** world pixels at zoom 0: the middle of its sites, which one far away does not move */
	readonly x: number;
	readonly y: number;
}

/** Areas of a level that have points, the most crowded first. */
export function groupByArea(
	view: Pick<PointsView, 'areas'>,
	points: Pick<PointSet, 'sites' | 'rows' | 'x' | 'y'>,
	level: AreaMapLevel
): AreaPoints[] {
	const byCode = new Map<string, number[]>();
	points.rows.forEach((row, i) => {
		const code = points.sites[row]?.[level];
		if (!code) return;
		const known = byCode.get(code);
		if (known) known.push(i);
		else byCode.set(code, [i]);
	});
	return view.areas
		.flatMap(({ code, name, level: own }) => {
			const members = own === level ? byCode.get(code) : undefined;
			return members ? [{ code, name, members, x: median(members, points.x), y: median(members, points.y) }] : [];
		})
		.sort((a, b) => b.members.length - a.members.length);
}

function median(members: readonly number[], values: Float64Array): number {
	const sorted = Float64Array.from(members, (i) => values[i] as number).sort();
	return sorted[sorted.length >> 1] ?? 0;
}
