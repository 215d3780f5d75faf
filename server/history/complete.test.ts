import { expect, test } from 'vitest';
import { completeUntil } from './complete.ts';

const NOON = Date.UTC(2026, 5, 3, 4);
type Progress = Parameters<typeof completeUntil>[0][number];
const stream = (more: object = {}): Progress =>
	({
		isCaughtUp: true,
		lagMs: 0,
		shard: { position: `${NOON - 3_600_000}-0` },
		committer: { failingSince: 0 },
		...more
	}) as Progress;
const minutesBefore = (pipelines: Progress[], nowMs = NOON): number =>
	(NOON - completeUntil(pipelines, nowMs)) / 60_000;

test('5 minutes are complete a minute and some seconds after their end', () => {
	expect(minutesBefore([stream()])).toBe(5);
	expect(minutesBefore([stream()], NOON + 69_000)).toBe(5);
	expect(minutesBefore([stream()], NOON + 70_000)).toBe(0);
});

test('the stream that is furthest behind says how far', () => {
	expect(minutesBefore([stream(), stream({ lagMs: 600_000 })])).toBe(15);
	expect(minutesBefore([stream(), stream({ isCaughtUp: false })])).toBe(65);
	expect(minutesBefore([stream({ committer: { failingSince: NOON - 1_200_000 } }), stream()])).toBe(25);
});

test('a stream of which nothing was read yet is complete up to nowhere', () => {
	expect(completeUntil([stream({ isCaughtUp: false, shard: { position: '0-0' } })], NOON)).toBeLessThanOrEqual(0);
});
