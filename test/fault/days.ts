/** Days of doors: what is reported of them over some days that are gone, and what became of the posted hours, second by second. */
import { eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { sites } from '#db/schema.ts';
import { query } from '#server/store/query.ts';
import { seededRandom } from '#test/support/stations.ts';
import type { Rows } from './count.ts';
import { shanghaiDate } from './count.ts';
import { stations } from './input.ts';

/** s; a station reports at least this often where nothing is said of its period: `live` */
const PERIOD = 60;
const HOLDS = 3 * PERIOD;
const DAY = 86_400;

/** Minutes of the day; null = none are posted. */
const HOURS: readonly (readonly [from: number, to: number] | null)[] = [[480, 1200], [0, 1440], null, [600, 1320]];
const hoursOf = (index: number) => HOURS[index % HOURS.length] ?? null;

/** Posts hours in the registry: the same each day of the week. */
export async function postHours(db: Database): Promise<void> {
	for (const [index, { code }] of stations.entries()) {
		const posted = hoursOf(index);
		if (posted === null) continue;
		const day = [{ from: posted[0], to: posted[1] }];
		await db
			.update(sites)
			.set({ hours: Array.from({ length: 7 }, () => day) })
			.where(eq(sites.code, code));
	}
}

export interface Word {
	/** place of the station */
	readonly station: number;
	/** s since 1970, when the stream received it and when it happened */
	readonly receivedAt: number;
	readonly at: number;
	readonly says: 'opened' | 'closed' | 'alive';
}

/** What the stations say between two moments (s since 1970), in the order of its receipt; each speaks at the beginning. */
export function makeWords(seed: number, from: number, to: number, count: number): Word[] {
	const random = seededRandom(seed);
	const whole = (limit: number): number => Math.floor(random() * limit);
	const words: Word[] = stations.map((_, station) => ({ station, receivedAt: from, at: from, says: 'alive' }));
	const span = to - from;
	while (words.length < count) {
		const station = whole(stations.length);
		const begin = from + 1 + whole(span - 2);
		// A stretch of a gateway's life: a door that moves now and then, words that come late now and then, silence after it.
		const length = 1 + whole(40);
		for (let n = 0; n < length && words.length < count; n++) {
			const receivedAt = begin + n * (20 + whole(PERIOD));
			if (receivedAt >= to) break;
			const kind = random();
			const says = kind < 0.1 ? 'closed' : kind < 0.3 ? 'opened' : 'alive';
			words.push({ station, receivedAt, at: receivedAt - (random() < 0.1 ? whole(6 * 3600) : 0), says });
		}
	}
	return words.toSorted((a, b) => a.receivedAt - b.receivedAt);
}

export function eventOf({ station, at, says }: Word, number: number): string {
	const type = { opened: 'station.opened', closed: 'station.closed', alive: 'station.heartbeat' }[says];
	const subject = stations[station]?.code;
	const time = new Date(at * 1000).toISOString();
	return JSON.stringify({ specversion: '1.0', id: `w${number}`, source: 'doors', type, subject, time, data: {} });
}

const inWords = (posted: number, open: number, closed: number, unknown: number): string =>
	`posted ${posted} s, open ${open}, closed ${closed}, unknown ${unknown}`;

/** Looks at every second of every station, from the first word on, with what was received by then. Only days before `before`. */
export function countDays(words: readonly Word[], from: number, before: string): Rows {
	const rows: Rows = new Map();
	stations.forEach(({ code }, station) => {
		const posted = hoursOf(station);
		if (posted === null) return;
		const own = words.filter((word) => word.station === station);
		let next = 0;
		let [door, doorAt, heardAt] = ['', 0, 0];
		let sums = { posted: 0, open: 0, closed: 0, unknown: 0 };
		for (let second = from; ; second++) {
			const ofDay = (second + 8 * 3600) % DAY;
			if (ofDay === 0) {
				const day = shanghaiDate((second - 1) * 1000);
				if (day >= before) return;
				const { posted: all, open, closed, unknown } = sums;
				if (all > 0) rows.set(`${code} ${day}`, inWords(all, open, closed, unknown));
				sums = { posted: 0, open: 0, closed: 0, unknown: 0 };
			}
			for (let word = own[next]; word && word.receivedAt <= second; word = own[++next]) {
				heardAt = Math.max(heardAt, word.at);
				if (word.says !== 'alive' && word.at >= doorAt) [door, doorAt] = [word.says, word.at];
			}
			if (ofDay < posted[0] * 60 || ofDay >= posted[1] * 60) continue;
			sums.posted++;
			if (door === '' || second >= heardAt + HOLDS) sums.unknown++;
			else if (door === 'opened') sums.open++;
			else sums.closed++;
		}
	});
	return rows;
}

export async function storedDays(db: Database, before: string): Promise<Rows> {
	const rows = await query<{ key: string; posted_s: number; open_s: number; closed_s: number; unknown_s: number }>(
		db,
		sql`select code || ' ' || day::text as key, posted_s, open_s, closed_s, unknown_s
			from site_days join sites using (slot) where day < ${before}::date`
	);
	return new Map(
		rows.map(({ key, posted_s, open_s, closed_s, unknown_s }) => [key, inWords(posted_s, open_s, closed_s, unknown_s)])
	);
}
