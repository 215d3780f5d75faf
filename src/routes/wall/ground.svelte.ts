/**
 * The ground of a wall's map: read once the first sites are there, and again whenever the server has sent another directory
 * (the registry changed, or the line was cut meanwhile), so that a wall nobody touches shows the areas of today. The
 * browser asks with its entity tags; the registry itself is not asked: it is more than a screen may see.
 */
import { laidOver, loadBasemap, type Basemap } from '#lib/map/basemap.ts';

/** After a failure; the server may be starting. */
const RETRY_MS = 15_000;
/** The server works areas out a moment after it tells of other sites. */
const AGAIN_MS = 20_000;

export class Ground {
	readonly #fetch: typeof fetch;
	#basemap = $state.raw<Basemap | null>(null);
	#directory: object | null = null;
	#isReading = false;
	#isDue = false;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(fetcher: typeof fetch = (...asked) => fetch(...asked)) {
		this.#fetch = fetcher;
	}

	/** Null until the first answer. */
	get basemap(): Basemap | null {
		return this.#basemap;
	}

	/** For an `$effect`; null = no directory yet. */
	follow(directory: object | null): void {
		if (directory === null || directory === this.#directory) return;
		const isFirst = this.#directory === null;
		this.#directory = directory;
		void this.#read(isFirst ? null : AGAIN_MS);
	}

	/** Asks no more. */
	stop(): void {
		clearTimeout(this.#timer);
	}

	async #read(againMs: number | null): Promise<void> {
		clearTimeout(this.#timer);
		this.#isDue = true;
		if (this.#isReading) return;
		this.#isReading = true;
		let problems = 0;
		while (this.#isDue) {
			this.#isDue = false;
			const next = await loadBasemap(this.#fetch);
			problems = next.problems.length;
			// A part that cannot be read now is better as it was than gone.
			this.#basemap = this.#basemap === null ? next : laidOver(this.#basemap, next);
		}
		this.#isReading = false;
		const wait = problems > 0 ? RETRY_MS : againMs;
		if (wait !== null) this.#timer = setTimeout(() => void this.#read(null), wait);
	}
}
