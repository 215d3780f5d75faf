/** The registry as pages read it: one answer per revision, made once, kept until the registry changes. */
import { setImmediate as turn } from 'node:timers/promises';
import { areaInScope, formatScope, inScope, type Scope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import { prepareJson, type Prepared } from '#server/http/prepared.ts';
import type { ReadSite } from '#server/store/registry-read.ts';
import { readingsOf } from './pinyin.ts';
import { problemFor, registryProblems, type ProblemKind, type RegistryProblem } from './problems.ts';

/** What `GET /api/registry` says of a site, beside what the live directory says. Who is to be called there is a door of its own (contact.ts). */
export interface RegistrySite extends Pick<
	ReadSite,
	| 'code'
	| 'externalCode'
	| 'alias'
	| 'address'
	| 'hoursText'
	| 'hours'
	| 'hoursExceptions'
	| 'isOpen24h'
	| 'openedOn'
	| 'facilities'
	| 'services'
	| 'entryMethods'
	| 'honours'
	| 'star'
	| 'capacity'
	| 'floorAreaM2'
	| 'ownership'
	| 'hostType'
	| 'originalLng'
	| 'originalLat'
	| 'datum'
> {
	/** first letters of the name in pinyin; other readings and the alias after spaces (pinyin.ts) */
	readonly initials: string;
	/** the name in pinyin; the alias after a space */
	readonly pinyin: string;
	readonly updatedAt: string;
	readonly problems: readonly ProblemKind[];
}

/** What `GET /api/registry` answers. */
export interface RegistryList {
	readonly revision: number;
	readonly sites: readonly RegistrySite[];
}

/** What `GET /api/places` answers: names to choose a scope by. */
export interface PlaceList {
	readonly revision: number;
	readonly areas: readonly Area[];
	/** every site that is or will be: closed and merged ones are nobody's */
	readonly stations: readonly {
		readonly code: string;
		readonly name: string;
		readonly district: string | null;
		readonly street: string | null;
	}[];
}

export interface RegistrySource {
	revision(): Promise<number>;
	load(): Promise<{ sites: ReadSite[]; areas: Area[] }>;
}

interface Edition {
	readonly revision: number;
	readonly sites: readonly { readonly place: ReadSite; readonly shown: RegistrySite }[];
	readonly areas: readonly Area[];
	readonly problems: readonly RegistryProblem[];
	/** answers by what was asked for */
	readonly answers: Map<string, Promise<Prepared>>;
}

interface Shelved {
	readonly revision: number;
	readonly made: Promise<Edition>;
}

/** Answers kept per revision: the city, its districts and streets; a flood of made-up scopes begins anew. */
const MAX_ANSWERS = 500;
/** About 10 ms. */
const SITES_PER_TURN = 200;

export class RegistryShelf {
	readonly #source: RegistrySource;
	#edition: Shelved | null = null;

	constructor(source: RegistrySource) {
		this.#source = source;
	}

	/** Sites of a scope; null where it has none and is not the city. */
	async list(scope: Scope, name: string): Promise<Prepared | null> {
		const edition = await this.#current();
		const rows = edition.sites.filter(({ place }) => isIn(scope, place));
		if (rows.length === 0 && scope.level !== 'city') return null;
		const list = (): RegistryList => ({ revision: edition.revision, sites: rows.map(({ shown }) => shown) });
		return answerOf(edition, `sites ${name}`, list);
	}

	/** Problems of a scope; null as above. */
	async problems(scope: Scope, name: string): Promise<Prepared | null> {
		const edition = await this.#current();
		const codes = new Set(edition.sites.flatMap(({ place }) => (isIn(scope, place) ? [place.code] : [])));
		if (codes.size === 0 && scope.level !== 'city') return null;
		return answerOf(edition, `problems ${name}`, () =>
			edition.problems.filter(({ code }) => codes.has(code)).map((problem) => problemFor(problem, codes))
		);
	}

	/** What areas and stations of some scopes are called. */
	async names(scopes: readonly Scope[]): Promise<Prepared> {
		const edition = await this.#current();
		return answerOf(edition, `names ${scopes.map(formatScope).join(' ')}`, () => namesOf(edition, scopes));
	}

	async #current(): Promise<Edition> {
		const revision = await this.#source.revision();
		const shelved = this.#edition?.revision === revision ? this.#edition : this.#renew(revision);
		return shelved.made;
	}

	#renew(revision: number): Shelved {
		const shelved = { revision, made: this.#make(revision) };
		this.#edition = shelved;
		// One that failed is no edition; whoever asked hears of it, the next one tries again.
		shelved.made.catch(() => {
			if (this.#edition === shelved) this.#edition = null;
		});
		return shelved;
	}

	async #make(revision: number): Promise<Edition> {
		const { sites, areas } = await this.#source.load();
		const problems = registryProblems(sites, areas);
		const bySite = Map.groupBy(problems, ({ code }) => code);
		const shown: { place: ReadSite; shown: RegistrySite }[] = [];
		for (const place of sites) {
			// Pinyin is work: frames and events go first.
			if (shown.length % SITES_PER_TURN === 0) await turn();
			shown.push({ place, shown: showSite(place, bySite.get(place.code)?.map(({ kind }) => kind) ?? []) });
		}
		return { revision, sites: shown, areas, problems, answers: new Map() };
	}
}

const isIn = (scope: Scope, { code, districtCode, streetCode }: ReadSite): boolean =>
	inScope(scope, { code, district: districtCode, street: streetCode });

function namesOf({ revision, sites, areas }: Edition, scopes: readonly Scope[]): PlaceList {
	const stations = sites.flatMap(({ place }) => {
		const { code, name, districtCode: district, streetCode: street, lifecycle } = place;
		const isGone = lifecycle === 'closed' || lifecycle === 'merged';
		return isGone || !scopes.some((scope) => isIn(scope, place)) ? [] : [{ code, name, district, street }];
	});
	return { revision, areas: areas.filter((area) => scopes.some((scope) => areaInScope(scope, area))), stations };
}

function answerOf(edition: Edition, key: string, make: () => object): Promise<Prepared> {
	const known = edition.answers.get(key);
	if (known) return known;
	if (edition.answers.size >= MAX_ANSWERS) edition.answers.clear();
	const answer = prepareJson(make(), `r${edition.revision}`);
	edition.answers.set(key, answer);
	return answer;
}

function showSite(place: ReadSite, problems: readonly ProblemKind[]): RegistrySite {
	const { code, externalCode, alias, address, hoursText, hours, hoursExceptions, isOpen24h, openedOn } = place;
	const { facilities, services, entryMethods, honours, star, capacity, floorAreaM2, ownership, hostType } = place;
	const { originalLng, originalLat, datum } = place;
	return {
		...{ code, externalCode, ...readingsOf(place.name, place.alias), alias, address },
		...{ hoursText, hours, hoursExceptions, isOpen24h, openedOn },
		...{ facilities, services, entryMethods, honours, star, capacity, floorAreaM2, ownership, hostType },
		...{ originalLng, originalLat, datum },
		updatedAt: place.updatedAt.toISOString(),
		problems
	};
}
