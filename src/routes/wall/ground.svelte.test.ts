import { describe, expect, it, vi } from 'vitest';
import { Ground } from './ground.svelte.ts';

/** The four files of the ground; `revision` null = the areas cannot be read. */
function server() {
	const state = { revision: 1 as number | null, asked: 0 };
	const fetcher = (async (url: string) => {
		state.asked++;
		if (url === '/api/geo/areas') {
			if (state.revision === null) return new Response('', { status: 503 });
			return Response.json({ revision: state.revision, source: 'computed', topology: {} });
		}
		if (url === '/geo/places.json') return Response.json([{ name: '无锡' }]);
		return Response.json({});
	}) as typeof fetch;
	return { state, ground: new Ground(fetcher) };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('the ground of a wall', () => {
	it('[SC10] is read with the first directory, and again with another one, not with the same', async () => {
		vi.useFakeTimers();
		const { state, ground } = server();
		const directory = {};
		ground.follow(null);
		ground.follow(directory);
		ground.follow(directory);
		await settled();
		expect([state.asked, ground.basemap?.areas?.revision]).toEqual([4, 1]);
		state.revision = 2;
		ground.follow({});
		await settled();
		expect(ground.basemap?.areas?.revision).toBe(2);
		// Once more, since the server needs a moment to work the areas out.
		state.revision = 3;
		await vi.runAllTimersAsync();
		expect([state.asked, ground.basemap?.areas?.revision]).toEqual([12, 3]);
		ground.stop();
		vi.useRealTimers();
	});

	it('[SC10] is the same object where nothing is new: the map has nothing to draw', async () => {
		vi.useFakeTimers();
		const { ground } = server();
		ground.follow({});
		await settled();
		const first = ground.basemap;
		ground.follow({});
		await vi.runAllTimersAsync();
		expect(ground.basemap).toBe(first);
		vi.useRealTimers();
	});

	it('[SC10] keeps what it has when it cannot be read again, and tries until it can', async () => {
		vi.useFakeTimers();
		const { state, ground } = server();
		ground.follow({});
		await settled();
		state.revision = null;
		ground.follow({});
		await settled();
		expect(ground.basemap?.areas?.revision).toBe(1);
		expect(ground.basemap?.problems).toEqual(['/api/geo/areas: 503']);
		state.revision = 5;
		await vi.runAllTimersAsync();
		expect(ground.basemap?.areas?.revision).toBe(5);
		expect(ground.basemap?.problems).toEqual([]);
		vi.useRealTimers();
	});
});
