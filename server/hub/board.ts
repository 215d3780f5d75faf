/**
 * The board: turns live state into frames. Every tick it takes what changed, lets each topic that somebody listens to
 * make its frame, and hands the frames out. Nothing here knows of sockets.
 */
import { performance } from 'node:perf_hooks';
import type { Directory, StationDetails } from '#domain/frame.ts';
import { NO_OCCUPATIONS, todayOccupations, type TodayOccupations } from '#domain/occupations.ts';
import { areaInScope, inScope, parseScope, type Scope } from '#domain/scope.ts';
import type { LiveState, ShardState } from '#domain/state.ts';
import type { Site } from '#domain/site.ts';
import type { LiveView, SiteBrief, SourceView } from '#domain/view.ts';
import { SentColumns, type Changes } from './diff.ts';
import {
	RING_MS,
	Topic,
	type Extras,
	type Member,
	type Message,
	type TopicContent,
	type WholeExtras
} from './topic.ts';

/** At most 4 frames a second per topic [FM3]. */
export const TICK_MS = 250;
/** A topic in which nothing changes still says that it is alive. */
const PULSE_MS = 10_000;
/** `lastSeen` of sources moves with every event; their periods are a minute and more. */
const SOURCES_EVERY_MS = 5000;
/** Shares of a day's visits creep: nobody waits for them, and the table is whole each time. */
const OCCUPATIONS_EVERY_MS = 5000;
/** Sources named on screens and in `/api/state`, newest first: more than a city has gateways, less than a flood of names. */
const SHOWN_SOURCES = 1000;
/** How often a source without an entry of its own is expected to speak. */
export const DEFAULT_SOURCE_PERIOD_SECONDS = 300;

export interface BoardOptions {
	readonly state: LiveState;
	readonly shards: readonly ShardState[];
	/** expected seconds between two events of a source, where the registry knows */
	readonly sourcePeriods: () => ReadonlyMap<string, number>;
	readonly epoch: string;
	readonly isDemo: () => boolean;
	/** Hands a frame to everybody who listens to the topic. */
	readonly deliver: (topic: Topic, message: Message) => void;
}

export interface BoardMetrics {
	frames: number;
	bytes: number;
	/** s spent on finding changes and encoding */
	seconds: number;
}

export class Board {
	readonly metrics: BoardMetrics = { frames: 0, bytes: 0, seconds: 0 };
	readonly #options: BoardOptions;
	readonly #sent = new SentColumns();
	readonly #topics = new Map<string, Topic>();
	#revision = -1;
	#topicNumber = 0;
	#lastPulse = 0;
	#lastSourcesAt = 0;
	#lastSources = '';
	/** Visits by occupation, as they were last told, and since when. */
	#occupations: TodayOccupations = NO_OCCUPATIONS;
	#occupationsAt = 0;
	#occupationChanges = -1;

	constructor(options: BoardOptions) {
		this.#options = options;
	}

	/** The view of this instant, for `/api/state`. */
	view(): LiveView {
		const { state } = this.#options;
		const sources = this.#sources().slice(0, SHOWN_SOURCES);
		// Most who look at live state do not ask for these.
		let today: TodayOccupations | null = null;
		const counted = (): TodayOccupations => (today ??= todayOccupations(state));
		const occupations: TodayOccupations = {
			get areas() {
				return counted().areas;
			},
			ofSite: (slot) => counted().ofSite(slot)
		};
		return { sites: state.sites, areas: state.areas, columns: state.columns, sources, occupations };
	}

	topic(name: string): Topic | null {
		return this.#topics.get(name) ?? null;
	}

	/** The topic of a scope that has sites; null when the name is none or nothing is in it. */
	open(name: string, nowMs: number): Topic | null {
		const known = this.#topics.get(name);
		if (known) {
			known.lastWanted = nowMs;
			return known;
		}
		const scope = parseScope(name);
		if (!scope) return null;
		const content = this.#contentOf(scope);
		if (content.members.length === 0 && scope.level !== 'city') return null;
		const topic = new Topic(name, `${this.#options.epoch}.${this.#topicNumber++}`, content, nowMs);
		this.#topics.set(name, topic);
		return topic;
	}

	snapshot(topic: Topic, nowMs: number): Message {
		return topic.snapshot(this.#sent.columns, this.#wholeExtras(topic), nowMs);
	}

	/** One tick: frames of all topics. `isWanted` says whether anybody listens. */
	tick(nowMs: number, isWanted: (topic: Topic) => boolean): void {
		const started = performance.now();
		const { state } = this.#options;
		const changes = this.#sent.collect(state);
		const isPulse = nowMs - this.#lastPulse >= PULSE_MS;
		if (isPulse) this.#lastPulse = nowMs;
		const isRenewed = this.#revision !== state.revision;
		this.#revision = state.revision;
		const news: News = { sources: this.#changedSources(nowMs), occupations: this.#areNewOccupations(nowMs, isRenewed) };
		for (const topic of this.#topics.values()) {
			if (isWanted(topic)) topic.lastWanted = nowMs;
			// Unwanted topics go on as long as somebody may come back with a cursor; the city's always does.
			else if (topic.name !== 'city' && nowMs - topic.lastWanted > RING_MS) {
				this.#topics.delete(topic.name);
				continue;
			}
			const message = isRenewed ? this.#renew(topic, nowMs) : this.#patch(topic, changes, news, nowMs, isPulse);
			if (message) this.#handOut(topic, message);
		}
		this.metrics.seconds += (performance.now() - started) / 1000;
	}

	#handOut(topic: Topic, message: Message): void {
		this.metrics.frames++;
		this.metrics.bytes += message.bytes.length;
		this.#options.deliver(topic, message);
	}

	#renew(topic: Topic, nowMs: number): Message {
		const content = this.#contentOf(parseScope(topic.name) ?? { level: 'city' });
		return topic.renew(content, this.#sent.columns, this.#wholeExtras(topic), nowMs);
	}

	#patch(topic: Topic, changes: Changes, news: News, nowMs: number, isPulse: boolean): Message | null {
		const occupations = news.occupations ? topic.newsOf(this.#occupations.areas) : null;
		const details = this.#newDetails(topic, changes, news);
		const extras: Extras = {
			...(news.sources && topic.name === 'city' && { sources: news.sources }),
			...(occupations && { occupations }),
			...(details && { details })
		};
		return topic.patch(changes, extras, nowMs, isPulse);
	}

	/** Of a station's topic when something of the station changed, or what may be told of it. */
	#newDetails(topic: Topic, changes: Changes, news: News): StationDetails | null {
		const only = onlyOf(topic);
		const isTouched = only !== undefined && changes.slots.includes(only.slot);
		if (!only || (!isTouched && !news.occupations)) return null;
		const details = this.#details(only.slot);
		const isNew = topic.isNewsOfSite(details.occupations);
		return isTouched || isNew ? details : null;
	}

	#wholeExtras(topic: Topic): WholeExtras {
		const only = onlyOf(topic);
		const sources = topic.name === 'city' ? this.#sources().slice(0, SHOWN_SOURCES) : [];
		const details = only && this.#details(only.slot);
		return { sources, occupations: this.#occupations.areas, ...(details && { details }) };
	}

	#contentOf(scope: Scope): TopicContent {
		const { state } = this.#options;
		const members: Member[] = [];
		for (const site of state.sites) {
			if (site && inScope(scope, site)) members.push({ slot: site.slot, site: briefOf(site) });
		}
		const directory: Directory = {
			sites: members.map((member) => member.site),
			areas: state.areas,
			isDemo: this.#options.isDemo()
		};
		const areas = new Set(state.areas.filter((area) => areaInScope(scope, area)).map(({ code }) => code));
		return { members, directory, areas };
	}

	#details(slot: number): StationDetails {
		const { state } = this.#options;
		return {
			devices: [...(state.devices.get(slot)?.values() ?? [])].map(({ slot: _slot, ...device }) => device),
			supplies: [...(state.supplies.get(slot)?.values() ?? [])].map(({ slot: _slot, ...supply }) => supply),
			occupations: this.#occupations.ofSite(slot)
		};
	}

	#changedSources(nowMs: number): readonly SourceView[] | null {
		if (nowMs - this.#lastSourcesAt < SOURCES_EVERY_MS) return null;
		this.#lastSourcesAt = nowMs;
		const sources = this.#sources().slice(0, SHOWN_SOURCES);
		const text = JSON.stringify(sources);
		if (text === this.#lastSources) return null;
		this.#lastSources = text;
		return sources;
	}

	/** Counts them anew when it is time; false when they are what was told before. */
	#areNewOccupations(nowMs: number, isRenewed: boolean): boolean {
		const { state } = this.#options;
		const isDue = isRenewed || nowMs - this.#occupationsAt >= OCCUPATIONS_EVERY_MS;
		if (!isDue || state.occupationChanges === this.#occupationChanges) return false;
		this.#occupationsAt = nowMs;
		this.#occupationChanges = state.occupationChanges;
		this.#occupations = todayOccupations(state);
		return true;
	}

	#sources(): SourceView[] {
		const newest = new Map<string, number>();
		for (const shard of this.#options.shards) {
			for (const { source, lastSeen } of shard.sources.values()) {
				if (lastSeen === 0) continue;
				newest.set(source, Math.max(lastSeen, newest.get(source) ?? 0));
			}
		}
		const periods = this.#options.sourcePeriods();
		const latestFirst = [...newest].sort(([, a], [, b]) => b - a);
		return latestFirst.map(([source, lastSeen]) => ({
			source,
			lastSeen,
			periodSeconds: periods.get(source) ?? DEFAULT_SOURCE_PERIOD_SECONDS
		}));
	}
}

/** What a tick has beside changed rows. */
interface News {
	readonly sources: readonly SourceView[] | null;
	readonly occupations: boolean;
}

const onlyOf = ({ name, members }: Topic): Member | undefined => (name.startsWith('station:') ? members[0] : undefined);

function briefOf(site: Site): SiteBrief {
	const { slot: _slot, hours: _hours, hoursExceptions: _exceptions, ...brief } = site;
	return brief;
}
