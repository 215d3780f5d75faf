/**
 * Gives the demo city a past, in small transactions beside the running server: nobody waits for it, and a kill leaves it where it was.
 * How far it has come stands in `settings`, written with every part, so that nothing is added twice.
 */
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { settings, sites } from '#db/schema.ts';
import { OCCUPATION_PIECE_WIDTH } from '#domain/occupation-pieces.ts';
import { PIECE_WIDTH } from '#domain/buckets.ts';
import { DAY_ROW_WIDTH } from '#domain/state.ts';
import { pastDay, type PastDay, type PastSite } from '#server/demo/past.ts';
import { modelsOf } from '#server/demo/sim-site.ts';
import type { Executor } from './query.ts';
import { addDays, addOccupations, addPieces } from './history-adder.ts';

const KEY = 'demo_history';
/** Days ago of which visits are kept: yesterday and the same weekday first, since pages compare with those. */
const DAYS_OF_VISITS = [1, 7, 2, 3, 4, 5, 6, 8];
/** Days of which kept hours are shown. */
const DAYS_OF_HOURS = 30;
/** Rows of one transaction: the embedded database holds everything else up meanwhile. */
const CHUNK_ROWS = 150;

interface Progress {
	/** the day (of `dayOf`) on which the city was made: the past lies before it */
	readonly base: number;
	/** parts that are written */
	readonly done: number;
}

/** Notes that a city made today is still to be given a past. Part of the transaction that makes it. */
export async function planDemoHistory(tx: Pick<Database, 'insert'>, today: number): Promise<void> {
	await tx.insert(settings).values({ key: KEY, value: JSON.stringify({ base: today, done: 0 } satisfies Progress) });
}

export interface DemoHistoryOptions {
	readonly db: Database;
	readonly seed: number;
	/** rests between two transactions; rejects once `signal` is aborted */
	readonly rest: () => Promise<void>;
	readonly signal: AbortSignal;
}

/** Writes what is still missing of the past; true when it is all there. A city without a plan has a past of its own. */
export async function fillDemoHistory({ db, seed, rest, signal }: DemoHistoryOptions): Promise<boolean> {
	const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, KEY));
	if (!row) return true;
	const { base, done } = JSON.parse(row.value) as Progress;
	let part = 0;
	for (const write of partsOf(await pastSites(db, seed), seed, base)) {
		part++;
		if (part <= done) continue;
		if (signal.aborted) return false;
		await db.transaction(async (tx) => {
			await write(tx);
			await tx
				.update(settings)
				.set({ value: JSON.stringify({ base, done: part } satisfies Progress) })
				.where(eq(settings.key, KEY));
		});
		await rest();
	}
	return true;
}

type Write = (tx: Executor) => Promise<void>;

/** The same parts in the same order for the same city, whenever it is asked. */
function* partsOf(places: readonly PastSite[], seed: number, base: number): Generator<Write> {
	const known = new Map<number, PastDay>();
	const dayOf = (ago: number): PastDay => {
		const day = known.get(ago) ?? pastDay(seed, places, base - ago);
		known.set(ago, day);
		return day;
	};
	for (const ago of DAYS_OF_VISITS) {
		for (const rows of chunks(dayOf(ago).pieces, PIECE_WIDTH)) yield (tx) => addPieces(tx, rows);
		for (const rows of chunks(dayOf(ago).occupations, OCCUPATION_PIECE_WIDTH)) yield (tx) => addOccupations(tx, rows);
	}
	for (let ago = 1; ago <= DAYS_OF_HOURS; ago++) {
		for (const rows of chunks(dayOf(ago).days, DAY_ROW_WIDTH)) yield (tx) => addDays(tx, rows);
	}
}

function* chunks(rows: Int32Array, width: number): Generator<Int32Array> {
	for (let at = 0; at < rows.length; at += CHUNK_ROWS * width) yield rows.subarray(at, at + CHUNK_ROWS * width);
}

async function pastSites(db: Database, seed: number): Promise<PastSite[]> {
	const rows = await db
		.select({
			slot: sites.slot,
			code: sites.code,
			telemetry: sites.telemetry,
			hours: sites.hours,
			hoursExceptions: sites.hoursExceptions,
			district: sites.districtCode,
			street: sites.streetCode
		})
		.from(sites)
		.where(eq(sites.lifecycle, 'open'))
		.orderBy(sites.slot);
	const models = new Map(modelsOf(seed, rows).map((model) => [model.site.code, model]));
	return rows.map(({ slot, ...site }) => ({ slot, site, model: models.get(site.code) ?? null }));
}
