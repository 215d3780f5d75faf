/** Secrets that open something: 256 random bits each, so a plain SHA-256 is enough to keep (nothing to guess, no salt). */
import { createHash, randomBytes } from 'node:crypto';

/** Of a screen; a source's key begins with `yz_`, a session's token with nothing. */
export const SCREEN_TOKEN_PREFIX = 'yzs_';

export const newToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');

/** 32 bytes are 43 signs of base64url. */
const SHAPE = /^(yzs_)?[\w-]{43}$/;

export const isToken = (text: string): boolean => SHAPE.test(text);

/** SHA-256, hexadecimal: what is stored in place of the secret. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
