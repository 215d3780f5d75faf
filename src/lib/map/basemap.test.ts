import { describe, expect, it } from 'vitest';
import { loadBasemap } from './basemap.ts';

const answer = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

describe('the basemap', () => {
	it('is there without the parts that cannot be read, and says which', async () => {
		const fetcher = (async (url: string) => {
			if (url === '/geo/water.json') return answer({ type: 'Topology' });
			if (url === '/geo/places.json') return answer({}, 404);
			if (url === '/api/geo/map') return answer({ tiles: [] });
			throw new TypeError('no line');
		}) as typeof fetch;
		expect(await loadBasemap(fetcher)).toEqual({
			water: { type: 'Topology' },
			places: [],
			areas: null,
			settings: { tiles: [] },
			problems: expect.arrayContaining(['/geo/places.json: 404', '/api/geo/areas: no line']) as string[]
		});
	});
});
