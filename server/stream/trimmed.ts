import { compareEntryIds } from './names.ts';
import type { Redis } from './redis-link.ts';

/**
 * Whether Redis let go of entries after `position`. The checkpoint's own entry is kept by our trimming, so when the
 * oldest one there is newer, somebody else trimmed.
 */
export async function isTrimmedPast(redis: Redis, stream: string, position: string): Promise<boolean> {
	if ((await redis.exists(stream)) === 0) return false;
	const info = await redis.sendCommand<unknown[]>(['XINFO', 'STREAM', stream]);
	const fact = (name: string): unknown => info[info.indexOf(name) + 1];
	// XTRIM leaves no other trace than this count.
	if (fact('entries-added') === fact('length')) return false;
	const first = fact('first-entry') as [string, unknown] | null;
	return compareEntryIds(first?.[0] ?? String(fact('last-generated-id')), position) > 0;
}
