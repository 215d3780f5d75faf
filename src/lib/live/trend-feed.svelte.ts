/**
 * The hours of today, of yesterday and of the same weekday a week ago, asked for again whenever a bucket of 5 minutes has
 * closed. What cannot be fetched leaves what is there, which then grows old by its own `asOf`.
 */
import { untilNextBucket } from './trend-schedule.ts';

/** After a failure; the server may be starting. */
const RETRY_MS = 15_000;
const SPREAD_MS = 10_000;
const TIMEOUT_MS = 10_000;

interface Point {
	readonly at: string;
	readonly visits: number | null;
}

/** What we take of `GET /api/history/compare`. */
interface Answer {
	readonly asOf: string | null;
	readonly today: readonly Point[];
	readonly yesterday: readonly Point[];
	readonly sameWeekday: readonly Point[];
}

export class TrendFeed {
	readonly #scope: string;
	/** the server's time, ms */
	readonly #now: () => number;
	#points = $state.raw<readonly Point[] | null>(null);
	#asOf = $state.raw<number | null>(null);

	constructor(scope: string, now: () => number) {
		this.#scope = scope;
		this.#now = now;
	}

	/** Of three days; null until the first answer. */
	get points(): readonly Point[] | null {
		return this.#points;
	}

	/** ms: the end of the newest 5 minutes in it; null until the first answer. */
	get asOf(): number | null {
		return this.#asOf;
	}

	/** Asks now and again with every bucket; the answer stops it. For an `$effect`. */
	follow(): () => void {
		const stop = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const ask = async (): Promise<void> => {
			const isAnswered = await this.#ask(stop.signal);
			if (stop.signal.aborted) return;
			const wait = isAnswered ? untilNextBucket(this.#now(), Math.random() * SPREAD_MS) : RETRY_MS;
			timer = setTimeout(() => void ask(), wait);
		};
		void ask();
		return () => {
			stop.abort();
			clearTimeout(timer);
		};
	}

	async #ask(stop: AbortSignal): Promise<boolean> {
		try {
			const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
			const response = await fetch(`/api/history/compare?scope=${encodeURIComponent(this.#scope)}`, { signal });
			if (!response.ok) return false;
			const { asOf, today, yesterday, sameWeekday } = (await response.json()) as Answer;
			this.#points = [...today, ...yesterday, ...sameWeekday];
			this.#asOf = asOf === null ? null : Date.parse(asOf);
			return true;
		} catch {
			// No line, no answer in time, or an answer that is none: the age of what is shown says it.
			return false;
		}
	}
}
