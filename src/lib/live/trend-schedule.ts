/** When a page asks for history again: a bucket of 5 minutes is in it about 70 s after its end [BU2]. */
const BUCKET_MS = 300_000;
const KNOWN_AFTER_MS = 75_000;

/** ms from `nowMs` (server) to the moment at which the next bucket can be asked for; `spreadMs` parts the screens. */
export function untilNextBucket(nowMs: number, spreadMs: number): number {
	const since = (((nowMs - KNOWN_AFTER_MS) % BUCKET_MS) + BUCKET_MS) % BUCKET_MS;
	return BUCKET_MS - since + spreadMs;
}
