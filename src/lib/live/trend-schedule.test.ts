import { describe, expect, it } from 'vitest';
import { untilNextBucket } from './trend-schedule.ts';

const at = (time: string): number => Date.parse(`2026-11-22T${time}Z`);

describe('asking for history again', () => {
	it('waits until the bucket that ended is known to the server', () => {
		expect(untilNextBucket(at('04:00:00'), 0)).toBe(75_000);
		expect(untilNextBucket(at('04:01:14'), 0)).toBe(1_000);
		expect(untilNextBucket(at('04:01:15'), 0)).toBe(300_000);
	});

	it('parts the screens of a city, so that they do not all ask at once', () => {
		expect(untilNextBucket(at('04:01:00'), 4_000)).toBe(19_000);
	});
});
