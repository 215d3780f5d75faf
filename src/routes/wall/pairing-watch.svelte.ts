/** The code of a screen that waits to be paired: asked for, asked about every three seconds, renewed by itself, for days. */
import type { PairingView } from '#server/screens/pairing-desk.ts';
import { askDoor, type DoorTrouble } from './door.ts';

const ASKED_EVERY_MS = 3_000;
/** Doors that say no are not asked as often. */
const RETRY_MS = 10_000;
const DOOR = '/api/screens/pairing';

export interface ShownCode {
	readonly code: string;
	/** local ms at which it was made, and at which it runs out */
	readonly since: number;
	readonly until: number;
}

export class PairingWatch {
	readonly #onpaired: () => Promise<void>;
	#shown = $state.raw<ShownCode | null>(null);
	#trouble = $state.raw<DoorTrouble | null>(null);

	constructor(onpaired: () => Promise<void>) {
		this.#onpaired = onpaired;
	}

	/** Null until the first, and while there is none. */
	get shown(): ShownCode | null {
		return this.#shown;
	}

	/** Null = all is well. */
	get trouble(): DoorTrouble | null {
		return this.#trouble;
	}

	/** For an `$effect`; the answer stops it. */
	follow(): () => void {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let isStopped = false;
		const ask = async (): Promise<void> => {
			const wait = await this.#ask();
			if (!isStopped) timer = setTimeout(() => void ask(), wait);
		};
		void ask();
		return () => {
			isStopped = true;
			clearTimeout(timer);
		};
	}

	/** ms until the next question. */
	async #ask(): Promise<number> {
		let answer = await askDoor<PairingView>(DOOR);
		if (answer.ok && answer.value.state === 'none') answer = await askDoor<PairingView>(DOOR, 'POST');
		this.#trouble = answer.ok ? null : answer.trouble;
		if (!answer.ok) {
			// A code that ran out meanwhile is not shown on.
			if (this.#shown && Date.now() >= this.#shown.until) this.#shown = null;
			return answer.trouble === 'away' ? ASKED_EVERY_MS : RETRY_MS;
		}
		if (answer.value.state === 'paired') await this.#onpaired();
		if (answer.value.state === 'waiting') this.#show(answer.value);
		return ASKED_EVERY_MS;
	}

	#show({ code, createdAt, expiresAt, now }: Extract<PairingView, { state: 'waiting' }>): void {
		if (this.#shown?.code === code) return;
		const own = Date.now() - now;
		this.#shown = { code, since: createdAt + own, until: expiresAt + own };
	}
}
