/** The registry's other spellings of names, read when the palette needs them and again for another directory. */
import { readingsByCode, type Readings } from './find.ts';

const TIMEOUT_MS = 20_000;

export class Registry {
	#readings = $state.raw(readingsByCode([]));
	#hasFailed = $state.raw(false);
	#readFor: object | null = null;

	/** By code; empty until the first answer. */
	get readings(): ReadonlyMap<string, Readings> {
		return this.#readings;
	}

	/** The last question was not answered; names and codes are found all the same. */
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	/** For an `$effect`; the browser's own cache answers while the registry is the same. */
	read(directory: object | null, scope: string): void {
		if (directory === null || directory === this.#readFor) return;
		this.#readFor = directory;
		void this.#fetch(scope);
	}

	async #fetch(scope: string): Promise<void> {
		try {
			const response = await fetch(`/api/registry?scope=${encodeURIComponent(scope)}`, {
				signal: AbortSignal.timeout(TIMEOUT_MS)
			});
			if (!response.ok) throw new Error(`GET /api/registry: ${response.status}`);
			const { sites } = (await response.json()) as { sites: Readings[] };
			this.#readings = readingsByCode(sites);
			this.#hasFailed = false;
		} catch (cause) {
			// Asked again with the next directory, or when the palette is opened on a page that was loaded anew.
			this.#hasFailed = true;
			this.#readFor = null;
			reportError(cause);
		}
	}
}
