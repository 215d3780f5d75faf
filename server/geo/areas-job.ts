/** Computes service areas on another thread: 200,000 sites take seconds, and frames are due four times in each. */
import { Worker } from 'node:worker_threads';
import type { CodedArea, PlacedSite } from '#server/store/geo-store.ts';
import type { PlacedSites, ServiceAreas } from './service-areas.ts';

export async function computeServiceAreas(sites: PlacedSites): Promise<ServiceAreas> {
	const worker = new Worker(new URL('./areas-worker.ts', import.meta.url), { workerData: sites });
	// A server that stops does not wait for areas nobody will see.
	worker.unref();
	try {
		return await new Promise<ServiceAreas>((resolve, reject) => {
			worker.once('message', resolve);
			worker.once('error', reject);
			worker.once('exit', (code) => reject(new Error(`The thread that computes areas ended with ${code}.`)));
		});
	} finally {
		await worker.terminate();
	}
}

/** Rows to columns: what a thread is handed is copied, and columns are copied at once. */
export function columnsOf(sites: readonly PlacedSite[], areas: readonly CodedArea[]): PlacedSites {
	const named = (level: CodedArea['level']) =>
		areas.filter((area) => area.level === level).map(({ code, name }) => ({ code, name }));
	const [districts, streets] = [named('district'), named('street')];
	const indexOf = (list: readonly { code: string }[]) => new Map(list.map(({ code }, index) => [code, index]));
	const [districtAt, streetAt] = [indexOf(districts), indexOf(streets)];
	return {
		lng: Float64Array.from(sites, ({ lng }) => lng),
		lat: Float64Array.from(sites, ({ lat }) => lat),
		district: Int32Array.from(sites, ({ district }) => districtAt.get(district) ?? -1),
		street: Int32Array.from(sites, ({ street }) => streetAt.get(street ?? '') ?? -1),
		districts,
		streets
	};
}
