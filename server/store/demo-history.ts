/**
 * Gives the demo city a past, in small transactions beside the running server: nobody waits for it, and a kill leaves it where it was.
 * How far it has come stands in `settings`, written with every part, so that nothing is added twice.
 */
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { settings, sites } from '#db/schema.ts';
import { pastDay, pastHours, type PastSite } from '#server/demo/past.ts';
import { modelsOf } from '#server/demo/sim-site.ts';
import type { Executor } from './query.ts';
import { addDays, addOccupations, addPieces } from './history-adder.ts';

const KEY = 'demo_history';
/** Days ago of which visits are kept: yesterday and the same weekday first, since pages compare with those. */
const DAYS_OF_VISITS = [1, 7, 2, 3, 4, 5, 6, 8];
/** Days of which kept hours are shown. */
const DAYS_OF_HOURS = 30;
/**
 * Sites whose day is worked out and written in one go. The embedded database runs in this thread and holds everything else up meanwhile:
 * a statement of these takes it some 20 ms.
 */
const SITES_OF_VISITS = 25;
const SITES_OF_HOURS = 100;

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
	const parts = partsOf(await pastSites(db, seed), seed, base);
	for (let part = done; part < parts.length; part++) {
		if (signal.aborted) return false;
		await db.transaction(async (tx) => {
			await parts[part]?.(tx);
			await tx
				.update(settings)
				.set({ value: JSON.stringify({ base, done: part + 1 } satisfies Progress) })
				.where(eq(settings.key, KEY));
		});
		await rest();
	}
	return true;
}

type Write = (tx: Executor) => Promise<void>;

/** The same parts in the same order for the same city, whenever it is asked; each works itself out when its turn comes. */
function partsOf(places: readonly PastSite[], seed: number, base: number): Write[] {
	const hoursOf = (ago: number): Write[] =>
		slices(places, SITES_OF_HOURS).map((some) => (tx) => addDays(tx, pastHours(some, base - ago)));
	const visitsOf = (ago: number): Write[] =>
		slices(places, SITES_OF_VISITS).map((some) => async (tx) => {
			const { pieces, occupations } = pastDay(seed, some, base - ago);
			await addPieces(tx, pieces);
			await addOccupations(tx, occupations);
		});
	const daysOfHours = Array.from({ length: DAYS_OF_HOURS }, (_, index) => index + 1);
	return [...DAYS_OF_VISITS.flatMap(visitsOf), ...daysOfHours.flatMap(hoursOf)];
}

function slices<T>(all: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
		all.slice(index * size, (index + 1) * size)
	);
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
