/** Puts the demo city into an empty registry, in one transaction, and remembers that it is one. */
import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { areas, organisationAreas, organisations, settings, sites, sources } from '#db/schema.ts';
import { dayOf } from '#domain/shanghai.ts';
import type { Config } from '#server/config.ts';
import { demoCity } from '#server/demo/city.ts';
import { simSitesOf, sourcePeriods } from '#server/demo/sim-site.ts';
import { planDemoHistory } from './demo-history.ts';
import { bumpRegistryRevision } from './query.ts';
import { isRegistryEmpty } from './registry-store.ts';

export interface Demo {
	/** The registry is the demo city: every page carries the mark. */
	readonly isDemoCity: boolean;
	/** Its events are simulated too. */
	readonly isSimulated: boolean;
}

/** One seed, so that every demo is the same city. */
export const DEMO_SEED = 1;
const DEMO_KEY = 'demo_city';
/** Rows per insert: PGlite takes at most 65,535 parameters, a site has some 35. */
const CHUNK = 400;

export async function prepareDemo(db: Database, config: Config, say: (line: string) => void): Promise<Demo> {
	const isEmbedded = config.redisUrl === null && config.databaseUrl === null;
	const isAsked = config.demo === 'on' || config.demo === 'registry' || (config.demo === 'auto' && isEmbedded);
	if (isAsked && (await isRegistryEmpty(db))) {
		const count = await insertDemoCity(db);
		say(`Registry: it was empty, so the demo city was made (${count} sites, none of them real)`);
	}
	const [mark] = await db.select().from(settings).where(eq(settings.key, DEMO_KEY));
	const isDemoCity = mark !== undefined;
	return { isDemoCity, isSimulated: isDemoCity && (config.demo === 'on' || (config.demo === 'auto' && isEmbedded)) };
}

/** Only the made-up sites are simulated: those that were imported beside them speak for themselves. */
export function isDemoSite(code: string): boolean {
	demoCodes ??= new Set(demoCity(DEMO_SEED).sites.map((site) => site.code));
	return demoCodes.has(code);
}

let demoCodes: ReadonlySet<string> | null = null;

async function insertDemoCity(db: Database): Promise<number> {
	const city = demoCity(DEMO_SEED);
	await db.transaction(async (tx) => {
		for (const level of ['city', 'district', 'street']) {
			await tx.insert(areas).values(city.areas.filter((area) => area.level === level));
		}
		await tx.insert(organisations).values([...city.organisations]);
		await tx.insert(organisationAreas).values([...city.organisationAreas]);
		for (let from = 0; from < city.sites.length; from += CHUNK) {
			await tx.insert(sites).values(city.sites.slice(from, from + CHUNK));
		}
		await tx.insert(sources).values(sourcePeriods(DEMO_SEED, simSitesOf(city.sites)));
		await tx.insert(settings).values({ key: DEMO_KEY, value: String(DEMO_SEED) });
		await planDemoHistory(tx, dayOf(Date.now()));
		await bumpRegistryRevision(tx);
	});
	return city.sites.length;
}
