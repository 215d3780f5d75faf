/**
 * The second factor: six digits of a shared secret and the time (RFC 6238: SHA-1, 30 s), as every authenticator app makes
 * them; and recovery codes for who lost the telephone.
 */
import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { encode } from 'uqr';
import { hashOf } from '#server/access/tokens.ts';

const STEP_SECONDS = 30;
/** A telephone's clock may be one step off. */
const WINDOW = 1;
/** 160 bits, as RFC 4226 asks. */
const SECRET_BYTES = 20;
const ISSUER = '驿站 Yizhan';
const RECOVERY_CODES = 10;
/** No letters or digits that look alike. 31 signs, ten of them: 49 bits, and five wrong ones lock the account. */
const RECOVERY_SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const RECOVERY_LENGTH = 10;

export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, label: string): TOTP =>
	new TOTP({
		issuer: ISSUER,
		label,
		algorithm: 'SHA1',
		digits: 6,
		period: STEP_SECONDS,
		secret: Secret.fromBase32(secret)
	});

/** The 30 s step whose code this is, near now (ms); null = it is no code of now. */
export function stepOf(secret: string, code: string, now: number): number | null {
	const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: WINDOW });
	return delta === null ? null : Math.floor(now / 1000 / STEP_SECONDS) + delta;
}

export interface Enrolment {
	readonly secret: string;
	readonly uri: string;
	readonly qr: { readonly path: string; readonly size: number };
}

/** What an app needs to be told, in three ways: to scan, to open, to type. */
export function enrolmentOf(secret: string, userName: string): Enrolment {
	const uri = totpOf(secret, userName).toString();
	const { data, size } = encode(uri, { ecc: 'M', border: 4 });
	return { secret: secret.replace(/(.{4})(?=.)/g, '$1 '), uri, qr: { path: pathOf(data), size } };
}

/** Dark squares of a row side by side become one rectangle, a unit high. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
	let path = '';
	rows.forEach((row, y) => {
		for (let x = 0; x < row.length; x++) {
			if (!row[x]) continue;
			const from = x;
			while (row[x + 1]) x++;
			path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
		}
	});
	return path;
}

/** As people see them: `abcde-fgh23`. */
export function newRecoveryCodes(): string[] {
	return Array.from({ length: RECOVERY_CODES }, () => {
		const signs = Array.from({ length: RECOVERY_LENGTH }, () => RECOVERY_SIGNS[randomInt(RECOVERY_SIGNS.length)]);
		return `${signs.slice(0, 5).join('')}-${signs.slice(5).join('')}`;
	});
}

/** What is kept of a recovery code: each works once, and none can be read again. */
export const recoveryHash = (code: string): string => hashOf(`recovery:${plainCode(code)}`);

/** As typed, without what people put in between. */
export const plainCode = (code: string): string => code.replace(/[\s-]+/g, '').toLowerCase();
