/** When a tile server is given up: five failures within ten seconds. Before that, a missing tile is only a missing tile. */
const LIMIT = 5;
const WITHIN_MS = 10_000;

export class TileErrors {
	#moments: number[] = [];
	#isOver = false;

	/** True exactly once: with the failure that is too much. */
	record(nowMs: number): boolean {
		if (this.#isOver) return false;
		this.#moments = [...this.#moments.filter((moment) => nowMs - moment < WITHIN_MS), nowMs];
		this.#isOver = this.#moments.length >= LIMIT;
		return this.#isOver;
	}
}
