/**
 * What every page knows of the registry and of the ground beside the live values: read once for all pages, and again whenever
 * the server has sent another directory (the registry changed, or the line was cut meanwhile). The browser asks with its
 * entity tag, so an unchanged registry costs one short answer.
 *
 *   $effect(() => registry.follow(topic.state?.directory ?? null, scope));
 *   registry.sites?.get(code)
 */
import { laidOver, loadBasemap, type Basemap } from '#lib/map/basemap.ts';
import { byCode } from './by-code.ts';
import type { RegistryList, RegistrySite } from '#server/places/list.ts';

export type { RegistrySite } from '#server/places/list.ts';

/** After a failure; the server may be starting. */
const RETRY_MS = 15_000;
const TIMEOUT_MS = 20_000;

export class RegistryFeed {
	#sites = $state.raw<ReadonlyMap<string, RegistrySite> | null>(null);
	#basemap = $state.raw<Basemap | null>(null);
	#problem = $state.raw<string | null>(null);
	#revision: number | null = null;
	#directory: object | null = null;
	#scope = 'city';
	/** the directory for which it was last read */
	#readFor: object | null = null;
	#isReading = false;
	#retry: ReturnType<typeof setTimeout> | undefined;

	/** By code; null until the first answer. What could not be read again stays as it was. */
	get sites(): ReadonlyMap<string, RegistrySite> | null {
		return this.#sites;
	}

	/** Water, places, areas and settings of the map; null until the first answer. */
	get basemap(): Basemap | null {
		return this.#basemap;
	}

	/** Why the registry could not be read, as the browser or the server said it; null = all is well. It is asked for again. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Reads all of a scope for a directory, unless it was read for this one. For an `$effect`; null = no directory yet. */
	follow(directory: object | null, scope: string): void {
		if (directory === null || directory === this.#directory) return;
		this.#directory = directory;
		if (scope !== this.#scope) this.#revision = null;
		this.#scope = scope;
		void this.#read();
	}

	/** Asks again now. */
	retry(): void {
		this.#readFor = null;
		void this.#read();
	}

	async #read(): Promise<void> {
		if (this.#isReading) return;
		this.#isReading = true;
		clearTimeout(this.#retry);
		while (this.#readFor !== this.#directory) {
			this.#readFor = this.#directory;
			const [problem, basemap] = await Promise.all([this.#readSites(), loadBasemap(fetch)]);
			this.#problem = problem;
			// A part that cannot be read now is better as it was than gone.
			this.#basemap = this.#basemap === null ? basemap : laidOver(this.#basemap, basemap);
			if (problem !== null || basemap.problems.length > 0) this.#retry = setTimeout(() => this.retry(), RETRY_MS);
		}
		this.#isReading = false;
	}

	/** Null, or why not. */
	async #readSites(): Promise<string | null> {
		try {
			const response = await fetch(`/api/registry?scope=${encodeURIComponent(this.#scope)}`, {
				signal: AbortSignal.timeout(TIMEOUT_MS)
			});
			if (!response.ok) return `GET /api/registry: ${response.status}`;
			const { revision, sites } = (await response.json()) as RegistryList;
			if (revision !== this.#revision) {
				this.#revision = revision;
				this.#sites = byCode(sites);
			}
			return null;
		} catch (cause) {
			return `GET /api/registry: ${cause instanceof Error ? cause.message : String(cause)}`;
		}
	}
}

/** What all pages share. */
export const registry = new RegistryFeed();
