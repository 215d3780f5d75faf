/**
 * Refusals that repeat: the first of a kind is a record at once, the others of its minute are one record with their
 * number [AU4]. Memory is bounded: who makes up ever new objects gets one record for all of them, and when many do, they
 * share one.
 */
import type { AuditEntry } from '#server/access/audit.ts';
import { SYSTEM } from '#server/access/caller.ts';
import { fieldText } from './detail.ts';

export const WINDOW_MS = 60_000;
/** Kinds remembered at once: some MB at worst. */
export const MAX_KINDS = 2000;
/** Kinds of one actor and address. */
export const MAX_KINDS_EACH = 100;
/** Of what is not told apart any more. */
export const COLLECTED = 'refusals.collected';

export type Refusal = Omit<AuditEntry, 'result'>;

interface Kind {
	readonly who: string;
	readonly refusal: Refusal;
	/** since the last record of it */
	times: number;
	/** ms, of the first and the last of them */
	firstAt: number;
	lastAt: number;
	/** ms: when the window is over */
	endsAt: number;
}

export class Repetitions {
	/** in the order in which their windows end */
	readonly #kinds = new Map<string, Kind>();
	readonly #countOf = new Map<string, number>();

	/** ms at which something has to be done; null = nothing waits */
	get nextAt(): number | null {
		for (const { endsAt } of this.#kinds.values()) return endsAt;
		return null;
	}

	get size(): number {
		return this.#kinds.size;
	}

	/** What has to be recorded now: the refusal, or nothing because it is counted. */
	take(refusal: Refusal, nowMs: number): Refusal | null {
		const who = whoOf(refusal);
		const name = kindOf(who, refusal);
		if (this.#count(name, nowMs)) return null;
		if (this.#kinds.size < MAX_KINDS && (this.#countOf.get(who) ?? 0) < MAX_KINDS_EACH) {
			this.#open(name, who, refusal, 0, nowMs);
			return refusal;
		}
		this.#collect(refusal, who, nowMs);
		return null;
	}

	/** Records of the windows that are over. What was repeated gets a new window, so a loop makes one record a minute. */
	due(nowMs: number): Refusal[] {
		const records: Refusal[] = [];
		for (const [name, kind] of this.#kinds) {
			if (kind.endsAt > nowMs) break;
			this.#close(name, kind);
			if (kind.times === 0) continue;
			records.push(summed(kind));
			if (kind.refusal.action !== COLLECTED) this.#open(name, kind.who, kind.refusal, 0, nowMs);
		}
		return records;
	}

	/** Records of all that was counted; nothing is remembered after it. */
	rest(): Refusal[] {
		const kinds = [...this.#kinds.values()].filter(({ times }) => times > 0);
		this.#kinds.clear();
		this.#countOf.clear();
		return kinds.map(summed);
	}

	#count(name: string, nowMs: number): boolean {
		const kind = this.#kinds.get(name);
		if (!kind) return false;
		if (kind.times === 0) kind.firstAt = nowMs;
		kind.times += 1;
		kind.lastAt = nowMs;
		return true;
	}

	/** One record for the rest of an actor's, and one for the rest of everybody's. */
	#collect({ actor }: Refusal, who: string, nowMs: number): void {
		const own = `${COLLECTED} ${who}`;
		if (this.#count(own, nowMs)) return;
		// Collecting records have room of their own, half as much again.
		if (this.#kinds.size < MAX_KINDS * 1.5) return this.#open(own, '', { actor, action: COLLECTED }, 1, nowMs);
		if (!this.#count(COLLECTED, nowMs)) this.#open(COLLECTED, '', { actor: SYSTEM, action: COLLECTED }, 1, nowMs);
	}

	#open(name: string, who: string, refusal: Refusal, times: number, nowMs: number): void {
		this.#kinds.set(name, { who, refusal, times, firstAt: nowMs, lastAt: nowMs, endsAt: nowMs + WINDOW_MS });
		if (who !== '') this.#countOf.set(who, (this.#countOf.get(who) ?? 0) + 1);
	}

	#close(name: string, { who }: Kind): void {
		this.#kinds.delete(name);
		const left = (this.#countOf.get(who) ?? 1) - 1;
		if (left > 0) this.#countOf.set(who, left);
		else this.#countOf.delete(who);
	}
}

function summed({ refusal, times, firstAt, lastAt }: Kind): Refusal {
	const span = { first: new Date(firstAt).toISOString(), last: new Date(lastAt).toISOString() };
	return { ...refusal, detail: { ...refusal.detail, times, ...span } };
}

const whoOf = ({ actor }: Refusal): string => short(JSON.stringify([actor.kind, actor.id, actor.address]));

const kindOf = (who: string, { action, object, scope, detail }: Refusal): string =>
	short(
		JSON.stringify([who, action, object ?? null, scope ?? null, detail?.['code'] ?? null, detail?.['reason'] ?? null])
	);

const short = (text: string): string => fieldText(text, 600);
