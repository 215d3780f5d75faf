/** A plan that lies in a worker, as a source of batches for the database. */
import type { ImportSource } from '#server/store/import-store.ts';
import type { PlanSummary } from './protocol.ts';
import type { WorkThread } from './work-thread.ts';

const BATCH_ROWS = 500;

export function threadSource(thread: WorkThread, { added, changed, unchanged, newAreas }: PlanSummary): ImportSource {
	return {
		counts: { added, changed, unchanged },
		newAreas,
		added: () => inBatches(added, (from) => thread.run('added', { from, count: BATCH_ROWS })),
		changed: () => inBatches(changed, (from) => thread.run('changed', { from, count: BATCH_ROWS }))
	};
}

async function* inBatches<T>(total: number, fetch: (from: number) => Promise<readonly T[]>) {
	for (let from = 0; from < total; from += BATCH_ROWS) yield await fetch(from);
}
