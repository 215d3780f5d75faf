/** Names on Redis that others rely on (docs/SPEC.md, public contract). */
export const streamOf = (shard: number): string => `ops:events:${shard}`;
export const REJECTED_STREAM = 'ops:rejected';

/** ms in which the stream took an entry: the first half of its id. */
export const receivedAtOf = (entryId: string): number => Number.parseInt(entryId, 10);

/** Orders two entry ids: negative, 0, positive. */
export function compareEntryIds(a: string, b: string): number {
	const [aMs = '0', aSeq = '0'] = a.split('-');
	const [bMs = '0', bSeq = '0'] = b.split('-');
	const order = BigInt(aMs) - BigInt(bMs) || BigInt(aSeq) - BigInt(bSeq);
	return Number(order > 0n) - Number(order < 0n);
}
