import { expect, it } from 'vitest';
import type { Topology } from 'topojson-specification';
import { clearPartOf, extentOf } from './water-extent.ts';

const topology = (over: Partial<Topology> = {}): Topology => ({
	type: 'Topology',
	objects: { lakes: { type: 'LineString', arcs: [0] } },
	arcs: [
		[
			[119, 30],
			[121, 32]
		]
	],
	...over
});

it('the data ends where its file says, else where its lines end', () => {
	expect(extentOf(topology({ bbox: [118, 29, 122, 33] }))).toEqual({ west: 118, south: 29, east: 122, north: 33 });
	expect(extentOf(topology())).toEqual({ west: 119, south: 30, east: 121, north: 32 });
});

it('a file without lines ends nowhere', () => {
	expect(extentOf(topology({ objects: {}, arcs: [] }))).toBeNull();
});

it('it is drawn in full up to a strip at its edges; of a small one most is', () => {
	const large = clearPartOf({ west: 119, south: 30, east: 121, north: 32 });
	expect(large.west).toBeCloseTo(119.12);
	expect(large.south).toBeCloseTo(30.12);
	expect(large.east).toBeCloseTo(120.88);
	expect(large.north).toBeCloseTo(31.88);
	const small = clearPartOf({ west: 120, south: 31, east: 120.1, north: 31.2 });
	expect(small.west).toBeCloseTo(120.02);
	expect(small.north).toBeCloseTo(31.16);
});
