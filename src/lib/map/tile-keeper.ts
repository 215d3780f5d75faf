/**
 * Keeps tile sources on the map: shown, given up when their server fails, and tried again later. A wall is not reloaded for
 * months; a server that was away for an hour must come back by itself. Knows no Leaflet: `add` does.
 */
import type { TileSource } from './basemap.ts';

export interface Tiles {
	remove(): void;
}

export interface TileCalls {
	/** false = taken away while their code was being fetched */
	isWanted(): boolean;
	/** a tile has come */
	onloaded(): void;
	/** given up: the tiles are already off the map */
	onbroken(): void;
}

export type AddTiles = (sources: readonly TileSource[], calls: TileCalls) => Promise<Tiles>;

export interface TileKeeperOptions {
	readonly add: AddTiles;
	/** tiles lie on the map, or no longer */
	onshown(isShown: boolean): void;
	/** tiles that were shown are given up; `isNews` the first time since the sources were set, and only then to be said */
	onfailed(isNews: boolean): void;
	/** that is over: a tile has come again, or the sources are set anew */
	onback(): void;
}

/** A server that failed is asked again after this. */
export const RETRY_MS = 300_000;

export class TileKeeper {
	readonly #options: TileKeeperOptions;
	#sources: readonly TileSource[] = [];
	#tiles: Promise<Tiles> | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#hasFailed = false;
	/** given up, and not back yet */
	#isBroken = false;
	#isShown = false;
	/** rises with every trial: what an earlier one says late is not heard */
	#trial = 0;

	constructor(options: TileKeeperOptions) {
		this.#options = options;
	}

	/** Shows these sources; the same again changes nothing, none takes them away. */
	show(sources: readonly TileSource[]): void {
		if (sources === this.#sources || (sources.length === 0 && this.#sources.length === 0)) return;
		this.#clear();
		this.#sources = sources;
		this.#hasFailed = false;
		this.#recover();
		// What the tiles bring of their own is put away at once, not after it was seen.
		this.#mark(sources.length > 0);
		if (sources.length > 0) this.#try();
	}

	destroy(): void {
		this.#clear();
		this.#sources = [];
	}

	#try(): void {
		const trial = ++this.#trial;
		const isWanted = (): boolean => trial === this.#trial;
		const onbroken = (): void => {
			if (isWanted()) this.#giveUp();
		};
		const onloaded = (): void => {
			if (!isWanted() || this.#isShown) return;
			this.#mark(true);
			this.#recover();
		};
		this.#tiles = this.#options.add(this.#sources, { isWanted, onloaded, onbroken }).catch(() => {
			// Their code was not to be had: as good as a server that fails, and told as such.
			onbroken();
			return { remove: () => undefined };
		});
	}

	#giveUp(): void {
		this.#clear();
		this.#mark(false);
		this.#timer = setTimeout(() => this.#try(), RETRY_MS);
		if (this.#isBroken) return;
		this.#isBroken = true;
		this.#options.onfailed(!this.#hasFailed);
		this.#hasFailed = true;
	}

	#recover(): void {
		if (!this.#isBroken) return;
		this.#isBroken = false;
		this.#options.onback();
	}

	#mark(isShown: boolean): void {
		if (isShown === this.#isShown) return;
		this.#isShown = isShown;
		this.#options.onshown(isShown);
	}

	#clear(): void {
		this.#trial++;
		clearTimeout(this.#timer);
		void this.#tiles?.then((tiles) => tiles.remove());
		this.#tiles = null;
	}
}
