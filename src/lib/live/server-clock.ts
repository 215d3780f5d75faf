/**
 * How far the server's clock is ahead of this machine's, learned from the `asOf` of frames: walls hang on machines whose clock
 * nobody sets. A frame is always older than it says (travel, repair after a gap), so the largest difference of the
 * last minute is the best one.
 */
const WINDOW_MS = 60_000;

export class ServerClock {
	#samples: { readonly at: number; readonly offset: number }[] = [];
	#offset = 0;

	/** Learns from a frame that was true at `asOfMs` (server) and arrived at `localMs` (this machine). */
	learn(asOfMs: number, localMs: number): void {
		const offset = asOfMs - localMs;
		const isFresh = (at: number): boolean => at <= localMs && localMs - at < WINDOW_MS;
		// Samples that a larger and younger one outlives can never be the answer again.
		this.#samples = this.#samples.filter((sample) => isFresh(sample.at) && sample.offset > offset);
		this.#samples.push({ at: localMs, offset });
		this.#offset = this.#samples[0]?.offset ?? offset;
	}

	/** The server's time at `localMs`. */
	serverTime(localMs: number): number {
		return localMs + this.#offset;
	}
}
