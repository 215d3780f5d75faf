/**
 * An answer of the server that is asked for again every so often: what is not pushed. A question that fails leaves the last
 * answer, which then grows old by its own time.
 */
import { freshness, type Freshness } from '#domain/freshness.ts';

const TIMEOUT_MS = 10_000;

export class AnswerFeed<T> {
	readonly #url: () => string;
	readonly #periodMs: number;
	#answer = $state.raw<T | null>(null);
	#answeredAt = $state.raw<number | null>(null);
	#problem = $state.raw<string | null>(null);

	/** the server's time, ms */
	readonly #now: () => number;

	/** `url` is asked for anew each time, so that it may name a day. */
	constructor(url: () => string, periodMs: number, now: () => number) {
		this.#url = url;
		this.#periodMs = periodMs;
		this.#now = now;
	}

	/** Null until the first answer. */
	get answer(): T | null {
		return this.#answer;
	}

	/** ms of the server's time: when it came; null until the first. */
	get answeredAt(): number | null {
		return this.#answeredAt;
	}

	/** Why the last question was not answered; null = it was. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Late once a question went unanswered, stale after three. */
	get freshness(): Freshness {
		return freshness(this.#answeredAt, (this.#periodMs + TIMEOUT_MS) / 1000, this.#now());
	}

	/** Asks now and again and again; the answer stops it. For an `$effect`. */
	follow(): () => void {
		const stop = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const ask = async (): Promise<void> => {
			await this.#ask(stop.signal);
			if (!stop.signal.aborted) timer = setTimeout(() => void ask(), this.#periodMs);
		};
		void ask();
		return () => {
			stop.abort();
			clearTimeout(timer);
		};
	}

	async #ask(stop: AbortSignal): Promise<void> {
		try {
			const response = await fetch(this.#url(), { signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]) });
			if (!response.ok) {
				this.#problem = `${response.status}`;
				return;
			}
			this.#answer = (await response.json()) as T;
			this.#answeredAt = this.#now();
			this.#problem = null;
		} catch (cause) {
			if (!stop.aborted) this.#problem = cause instanceof Error ? cause.message : String(cause);
		}
	}
}
