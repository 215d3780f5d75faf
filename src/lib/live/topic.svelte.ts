/**
 * A joined topic: what this page holds of it, always exactly what the server had at one `epoch` and `seq`. Frames are
 * applied by `applyFrame` alone; where some are missing the topic asks for them with its cursor.
 */
import { applyFrame, type Cursor, type Frame, type TopicState } from '#domain/frame.ts';
import type { Connection, Follower } from './connection.svelte.ts';
import { differenceOf, holdValues, type HeldValues } from './difference.ts';

/** Before asking again after no answer, a refusal or an unreadable message. */
const RETRY_MS = 5_000;

export interface JoinRefusal {
	readonly code: string;
	readonly message: string;
}

export class Topic implements Follower {
	readonly topic: string;
	readonly #connection: Connection;
	// Columns are written in place; the version tells readers that they have changed.
	#state: TopicState | null = null;
	#version = $state.raw(0);
	#refusal = $state.raw<JoinRefusal | null>(null);
	#isJoining = false;
	#retry: ReturnType<typeof setTimeout> | undefined;
	/** what was shown when the link broke */
	#held: HeldValues | null = null;
	/** where the server stood when the topic was joined again after that */
	#goal: Cursor | null = null;

	constructor(connection: Connection, topic: string) {
		this.#connection = connection;
		this.topic = topic;
	}

	/** Rises with every frame applied. */
	get version(): number {
		return this.#version;
	}

	/** Null until the first snapshot. The same object lives on and changes in place: derive new values from it, do not keep it. */
	get state(): TopicState | null {
		return this.#version > 0 ? this.#state : null;
	}

	/** Why the server does not give this topic; asked again every few seconds. */
	get refusal(): JoinRefusal | null {
		return this.#refusal;
	}

	/** Joins and stays joined through reconnects; the answer leaves. For an `$effect`. */
	follow(): () => void {
		const unfollow = this.#connection.follow(this);
		return () => {
			clearTimeout(this.#retry);
			unfollow();
		};
	}

	greeted(): void {
		// A join of the old link gets no answer any more.
		this.#isJoining = false;
		void this.#join();
	}

	take(frame: Frame): void {
		const { outcome, state } = applyFrame(this.#state, frame);
		if (outcome === 'gap') void this.#join();
		if (outcome !== 'applied') return;
		this.#state = state;
		this.#refusal = null;
		this.#version++;
		this.#tellWhenCaughtUp();
	}

	spoiled(): void {
		this.#joinLater();
	}

	parted(): void {
		// A link that breaks again before all has come: what counts is what was shown when it first broke.
		this.#held ??= this.#state && holdValues(this.#state);
		this.#goal = null;
	}

	#cursor(): Cursor | null {
		return this.#state && { epoch: this.#state.epoch, seq: this.#state.seq };
	}

	async #join(): Promise<void> {
		if (this.#isJoining) return;
		this.#isJoining = true;
		clearTimeout(this.#retry);
		const answer = await this.#connection.join(this.topic, this.#cursor());
		this.#isJoining = false;
		if (answer?.ok) {
			this.#goal = { epoch: answer.epoch, seq: answer.seq };
			this.#tellWhenCaughtUp();
			return;
		}
		if (answer) this.#refusal = { code: answer.code, message: answer.message };
		this.#joinLater();
	}

	#tellWhenCaughtUp(): void {
		const [state, held, goal] = [this.#state, this.#held, this.#goal];
		if (!state || !held || !goal || state.epoch !== goal.epoch || state.seq < goal.seq) return;
		this.#held = null;
		this.#goal = null;
		this.#connection.caughtUp(this.topic, differenceOf(held, state));
	}

	#joinLater(): void {
		clearTimeout(this.#retry);
		this.#retry = setTimeout(() => void this.#join(), RETRY_MS);
	}
}
