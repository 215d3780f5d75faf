/** How much of what was posted was kept, day by day. */
import { dateText, dayStart } from '#domain/shanghai.ts';
import type { DaySums } from '#server/store/history-store.ts';

/** A day of Asia/Shanghai. Seconds are null where no site had posted hours, or the day was not kept. */
export interface FulfilmentDay {
	/** YYYY-MM-DD */
	readonly day: string;
	/** sites that had posted hours */
	readonly sites: number;
	readonly postedSeconds: number | null;
	readonly openSeconds: number | null;
	readonly closedSeconds: number | null;
	readonly unknownSeconds: number | null;
}

/** Every day from `fromDay` to `toDay` (days of `dayOf`), both included. */
export function fulfilmentDays(fromDay: number, toDay: number, rows: readonly DaySums[]): FulfilmentDay[] {
	const byDay = new Map(rows.map((row) => [row.day, row]));
	const nothing = { sites: 0, postedSeconds: null, openSeconds: null, closedSeconds: null, unknownSeconds: null };
	return Array.from({ length: toDay - fromDay + 1 }, (_, index) => {
		const day = dateText(dayStart(fromDay + index));
		return byDay.get(day) ?? { day, ...nothing };
	});
}
