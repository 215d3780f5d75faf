/** What a number on the map says of the sites it stands for: how many, how many open, the worst of them, how many silent. Pure. */
import { STATUS } from '#domain/table.ts';
import type { AreaPoints } from './area-points.ts';
import { HIDDEN, STALE } from './look.ts';
import type { PointSet } from './point-set.ts';

export interface AreaGlyph {
	readonly code: string;
	readonly name: string;
	/** world pixels at zoom 0 */
	readonly x: number;
	readonly y: number;
	/** shown sites */
	readonly count: number;
	/** should be open and are not, by fresh word */
	readonly closed: number;
	/** open by fresh word, in whole percent: only this much of a ring may look open [FR1] */
	readonly openPercent: number;
	/** share of the sites that report by themselves and have fallen silent, in whole percent */
	readonly stalePercent: number;
}

/** Areas none of whose sites is shown have no glyph. */
export function glyphsOf(areas: readonly AreaPoints[], points: Pick<PointSet, 'looks'>): AreaGlyph[] {
	return areas.flatMap(({ code, name, members, x, y }) => {
		let [count, closed, open, stale] = [0, 0, 0, 0];
		for (const i of members) {
			const look = points.looks[i] as number;
			if (look === HIDDEN) continue;
			count++;
			if (look === STATUS.closed_unplanned) closed++;
			if (look === STATUS.open) open++;
			if (look >= STALE) stale++;
		}
		if (count === 0) return [];
		// One silent site among many must still be seen: no rounding to nothing. Nor to more than there is of the ring.
		const stalePercent = Math.ceil((stale / count) * 100);
		const openPercent = Math.min(100 - stalePercent, Math.ceil((open / count) * 100));
		return [{ code, name, x, y, count, closed, openPercent, stalePercent }];
	});
}
