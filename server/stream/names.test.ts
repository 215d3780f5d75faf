import { expect, test } from 'vitest';
import { compareEntryIds, receivedAtOf, streamOf } from './names.ts';

test('entry ids are ordered as numbers, not as texts', () => {
	const ids = ['0-0', '9-1', '10-0', '10-2', '10-10', '1780272000000-0', '1780272000000-11'];
	const shuffled = ids.toReversed();
	expect(shuffled.toSorted(compareEntryIds)).toEqual(ids);
	expect(compareEntryIds('10-2', '10-2')).toBe(0);
});

test('the moment of receipt is the first half of the id', () => {
	expect(receivedAtOf('1780272000000-7')).toBe(1_780_272_000_000);
	expect(streamOf(3)).toBe('ops:events:3');
});
