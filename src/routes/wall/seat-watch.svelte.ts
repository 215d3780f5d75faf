/**
 * Keeps a wall at what it is: asks the server who sits before it, at load, every minute (which also renews the cookie of a
 * screen) and whenever the line says that something was lost, and has the page's data read again when the answer differs.
 * What is not an answer of our server — no line, or a proxy that wants a password — changes nothing: the wall stays, grows
 * old by its own marks, and goes on asking. It never leaves for another page, which nobody would lead it back from.
 */
import type { Loss } from '#lib/live/connection.svelte.ts';
import type { Session } from '#lib/shell/session.ts';
import type { WallSeat } from '#server/screens/pairing-doors.ts';
import { askDoor, type DoorTrouble } from './door.ts';

export const ASKED_EVERY_MS = 60_000;
/** After no answer: somebody may be working on the line. */
export const RETRY_MS = 5_000;

interface Options {
	readonly session: () => Session;
	/** reads the page's data again */
	readonly renew: () => Promise<void>;
	readonly onLoss: (listener: (loss: Loss) => void) => () => void;
}

export class SeatWatch {
	readonly #options: Options;
	#trouble = $state.raw<DoorTrouble | null>(null);
	#lost = $state.raw<Extract<WallSeat, { kind: 'nobody' }>['lost']>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asking: Promise<void> | null = null;
	#isStopped = true;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Why the last question was not answered; null = it was. */
	get trouble(): DoorTrouble | null {
		return this.#trouble;
	}

	/** Why what this browser holds opens nothing any more; null = it holds nothing, or is somebody. */
	get lost() {
		return this.#lost;
	}

	/** For an `$effect`; the answer stops it. */
	follow(): () => void {
		this.#isStopped = false;
		const stop = this.#options.onLoss(() => void this.ask());
		void this.ask();
		return () => {
			this.#isStopped = true;
			clearTimeout(this.#timer);
			stop();
		};
	}

	/** Asks now. Something that was lost while a question was under way is asked about after it. */
	async ask(): Promise<void> {
		clearTimeout(this.#timer);
		const before = this.#asking;
		const own = (this.#asking = (async () => {
			await before;
			await this.#ask();
		})());
		await own;
		if (this.#asking === own) this.#asking = null;
	}

	async #ask(): Promise<void> {
		const answer = await askDoor<WallSeat>('/api/screens/self');
		if (this.#isStopped) return;
		this.#trouble = answer.ok ? null : answer.trouble;
		if (answer.ok) {
			this.#lost = answer.value.kind === 'nobody' ? answer.value.lost : null;
			if (isOther(answer.value, this.#options.session())) await this.#options.renew();
		}
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.ask(), answer.ok ? ASKED_EVERY_MS : RETRY_MS);
	}
}

/** Whether the server says something else than what the page was made for. */
export function isOther(seat: WallSeat, session: Session): boolean {
	if (session === null) return seat.kind !== 'nobody';
	if (seat.kind !== session.kind) return true;
	if (seat.kind === 'person') return seat.scope !== wallScope(session);
	if (seat.kind !== 'screen' || session.kind !== 'screen') return false;
	return seat.scope !== session.home || seat.layout !== session.layout || seat.name !== session.name;
}

/** The scope of the wall that a session sees; null = none. One station has a page of its own, and no wall. */
export function wallScope(session: Session): string | null {
	return session?.scopes.find((scope) => !scope.startsWith('station:')) ?? null;
}
