import { describe, expect, it } from 'vitest';
import type { TopicState } from '#domain/frame.ts';
import { emptyColumns } from '#domain/table.ts';
import { differenceOf, holdValues } from './difference.ts';

function stateOf(codes: string[]): TopicState {
	return {
		topic: 'city',
		epoch: 'e1',
		seq: 1,
		asOf: 0,
		directory: { sites: codes.map((code) => ({ code })), areas: [], isDemo: false },
		columns: emptyColumns(codes.length),
		sources: [],
		details: null
	} as unknown as TopicState;
}

describe('[FR5] what changed while a line was cut', () => {
	it('is counted by values that are now others, not by what moved there and back, nor by time', () => {
		const state = stateOf(['A', 'B', 'C']);
		state.columns.inside[0] = 3;
		const held = holdValues(state);
		state.columns.inside[0] = 9;
		state.columns.inside[0] = 3;
		state.columns.status[1] = 1;
		state.columns.visitsToday[1] = 5;
		state.columns.seenAt[2] = 77;
		state.columns.openToday[2] = 60;
		expect(differenceOf(held, state)).toEqual({ sites: 1, values: 2 });
	});

	it('finds sites by code, and counts those that came or went', () => {
		const held = holdValues(stateOf(['A', 'B']));
		expect(differenceOf(held, stateOf(['B', 'A']))).toEqual({ sites: 0, values: 0 });
		expect(differenceOf(held, stateOf(['B', 'C']))).toEqual({ sites: 2, values: 2 });
	});
});
