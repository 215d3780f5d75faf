/**
 * The side of pairing that the screen sees. A browser gets a secret of its own (HttpOnly cookie) and shows a code; once
 * somebody has entered that code, the browser that holds the secret gets the screen's token, and nobody else.
 */
import { randomInt } from 'node:crypto';
import type { ScreenLayout } from '#domain/role.ts';
import { PAIRING_ALPHABET, PAIRING_LENGTH, showPairingCode } from '#domain/pairing-code.ts';
import { hashOf, newToken, SCREEN_TOKEN_PREFIX } from '#server/access/tokens.ts';
import type { Database } from '#server/store/query.ts';
import { collectScreen, findPairing, openPairing, type PairingRecord } from '#server/store/screen-pairing-store.ts';

export const CODE_LIFE_MS = 10 * 60_000;
/** Codes that wait behind one address: a control room has several screens, and a proxy may stand for all of a house. */
const MAX_OF_ADDRESS = 12;
/** 300 codes among 11 billion: one guess in 37 million hits. */
const MAX_IN_ALL = 300;

/** What the pairing page is told; times are ms of the server. */
export type PairingView =
	/** this browser has no code, or its code ran out: ask for one */
	| { readonly state: 'none' }
	| {
			readonly state: 'waiting';
			/** in two groups */
			readonly code: string;
			readonly createdAt: number;
			readonly expiresAt: number;
			readonly now: number;
	  }
	| { readonly state: 'paired'; readonly name: string; readonly scope: string; readonly layout: ScreenLayout };

export interface Collected {
	readonly view: PairingView;
	/** to be set as the screen's cookie; null = there is none to give */
	readonly token: string | null;
	/** ms */
	readonly expiresAt: number;
}

const NONE: Collected = { view: { state: 'none' }, token: null, expiresAt: 0 };

export class PairingDesk {
	readonly #db: Database;
	readonly #now: () => number;

	constructor(db: Database, now: () => number) {
		this.#db = db;
		this.#now = now;
	}

	/** `secret`: what the browser holds already, null = nothing. Null = too many wait in all. */
	async begin(secret: string | null, address: string): Promise<{ secret: string; view: PairingView } | null> {
		const own = secret ?? newToken();
		const at = this.#now();
		const expiresAt = at + CODE_LIFE_MS;
		const code = newCode();
		const limits = { maxOfAddress: MAX_OF_ADDRESS, maxInAll: MAX_IN_ALL };
		const opened = await openPairing(this.#db, { deviceHash: hashOf(own), code, address, at, expiresAt, ...limits });
		if (opened === 'too_many') return null;
		return { secret: own, view: this.#waiting({ code, createdAt: at, expiresAt }) };
	}

	/** Where it stands; a paired screen gets its token with the answer. */
	async collect(secret: string | null): Promise<Collected> {
		if (secret === null) return NONE;
		const deviceHash = hashOf(secret);
		const pairing = await findPairing(this.#db, deviceHash, this.#now());
		if (pairing === null) return NONE;
		if (pairing.screenId === null) return { ...NONE, view: this.#waiting(pairing) };
		const token = newToken(SCREEN_TOKEN_PREFIX);
		const screen = await collectScreen(this.#db, deviceHash, hashOf(token), this.#now());
		if (screen === null) return NONE;
		const { name, scope, layout, expiresAt } = screen;
		return { view: { state: 'paired', name, scope, layout }, token, expiresAt };
	}

	#waiting({ code, createdAt, expiresAt }: Pick<PairingRecord, 'code' | 'createdAt' | 'expiresAt'>): PairingView {
		return { state: 'waiting', code: showPairingCode(code), createdAt, expiresAt, now: this.#now() };
	}
}

const newCode = (): string =>
	Array.from({ length: PAIRING_LENGTH }, () => PAIRING_ALPHABET[randomInt(PAIRING_ALPHABET.length)]).join('');
