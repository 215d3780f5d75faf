/** What a browser carries to the provider and back, sealed so that it is ours and of now. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Flow {
	readonly state: string;
	readonly nonce: string;
	/** of PKCE: without it a stolen code is worth nothing */
	readonly verifier: string;
	/** path of this site */
	readonly next: string;
	/** ms */
	readonly startedAt: number;
}

const MINUTE_MS = 60_000;
export const FLOW_MS = 10 * MINUTE_MS;

export class FlowSeal {
	readonly #key: Buffer;

	/** The client's secret is the same in every process; without one, a flow ends in the process where it began. */
	constructor(clientSecret: string | null) {
		this.#key =
			clientSecret === null ? randomBytes(32) : createHmac('sha256', clientSecret).update('yizhan oidc flow').digest();
	}

	close(flow: Flow): string {
		const text = Buffer.from(JSON.stringify(flow)).toString('base64url');
		return `${text}.${this.#sign(text).toString('base64url')}`;
	}

	/** null = not ours, or older than ten minutes. */
	open(sealed: string | null, now: number): Flow | null {
		const [text = '', seal = ''] = (sealed ?? '').split('.');
		const shown = Buffer.from(seal, 'base64url');
		const right = this.#sign(text);
		if (shown.length !== right.length || !timingSafeEqual(shown, right)) return null;
		const flow = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Flow;
		return now - flow.startedAt < FLOW_MS ? flow : null;
	}

	#sign(text: string): Buffer {
		return createHmac('sha256', this.#key).update(text).digest();
	}
}
