import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cursor, Frame } from '#domain/frame.ts';
import { Topic } from './topic.svelte.ts';
import type { Connection, JoinAnswer } from './connection.svelte.ts';

/** A link that remembers what was asked of it and answers as told. */
function fakeLink(answers: (JoinAnswer | null)[] = []) {
	const joins: (Cursor | null)[] = [];
	const link = {
		join: (_topic: string, cursor: Cursor | null) => {
			joins.push(cursor);
			return Promise.resolve(answers.length > 0 ? answers.shift()! : { ok: true, topic: 'city', epoch: 'e1', seq: 0 });
		},
		follow: () => () => undefined
	};
	return { link: link as unknown as Connection, joins };
}

const patch = (seq: number, epoch = 'e1'): Frame => ({
	topic: 'city',
	epoch,
	seq,
	asOf: seq * 1_000,
	columns: { inside: { rows: Uint32Array.of(0), values: Int32Array.of(seq) } }
});

const snapshot = (seq: number, epoch = 'e1'): Frame => ({
	...patch(seq, epoch),
	directory: {
		sites: [
			{
				code: 'A',
				name: 'A',
				kind: 'service_station',
				district: null,
				street: null,
				lng: null,
				lat: null,
				lifecycle: 'open',
				telemetry: 'live',
				periodSeconds: 60
			}
		],
		areas: [],
		isDemo: false
	}
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a topic in the page', () => {
	it('holds nothing before the first snapshot and counts every frame after it', () => {
		const topic = new Topic(fakeLink().link, 'city');
		expect(topic.state).toBeNull();
		topic.take(snapshot(5));
		topic.take(patch(6));
		expect([topic.version, topic.state?.seq, topic.state?.columns.inside[0]]).toEqual([2, 6, 6]);
	});

	it('asks for what is missing with its cursor, once for many gaps', async () => {
		const { link, joins } = fakeLink();
		const topic = new Topic(link, 'city');
		topic.take(snapshot(5));
		topic.take(patch(8));
		topic.take(patch(9));
		expect(joins).toEqual([{ epoch: 'e1', seq: 5 }]);
		expect(topic.state?.seq).toBe(5);
		await vi.runAllTimersAsync();
		for (const seq of [6, 7, 8, 9]) topic.take(patch(seq));
		expect(topic.state?.seq).toBe(9);
	});

	it('goes on from its cursor when the server greets again, and from nothing at first', () => {
		const { link, joins } = fakeLink();
		const topic = new Topic(link, 'city');
		topic.greeted();
		topic.take(snapshot(5));
		topic.greeted();
		expect(joins).toEqual([null, { epoch: 'e1', seq: 5 }]);
	});

	it('takes the snapshot of a server that started anew', () => {
		const topic = new Topic(fakeLink().link, 'city');
		topic.take(snapshot(900));
		topic.take(snapshot(1, 'e2'));
		expect([topic.state?.epoch, topic.state?.seq]).toEqual(['e2', 1]);
	});

	it('shows a refusal and asks again until it is let in', async () => {
		const refusal = { ok: false as const, code: 'starting', message: 'Ask again in a second.' };
		const { link, joins } = fakeLink([refusal, null]);
		const topic = new Topic(link, 'city');
		topic.greeted();
		await vi.advanceTimersByTimeAsync(0);
		expect(topic.refusal?.code).toBe('starting');
		await vi.advanceTimersByTimeAsync(60_000);
		expect(joins).toHaveLength(3);
		topic.take(snapshot(1));
		expect(topic.refusal).toBeNull();
	});
});

describe('[FR5] a topic whose line was cut', () => {
	const told = (answers: JoinAnswer[]) => {
		const { link } = fakeLink(answers);
		const differences: unknown[] = [];
		Object.assign(link, { caughtUp: (_topic: string, difference: unknown) => differences.push(difference) });
		return { topic: new Topic(link, 'city'), differences };
	};

	it('says what the missed frames changed, once it stands where the server stood', async () => {
		const { topic, differences } = told([{ ok: true, topic: 'city', epoch: 'e1', seq: 7 }]);
		topic.take(snapshot(5));
		topic.parted();
		topic.greeted();
		await vi.runAllTimersAsync();
		topic.take(patch(6));
		expect(differences).toEqual([]);
		topic.take(patch(7));
		topic.take(patch(8));
		expect(differences).toEqual([{ sites: 1, values: 1 }]);
	});

	it('compares with a snapshot of a restarted server by code, and counts from the first break', async () => {
		const { topic, differences } = told([{ ok: true, topic: 'city', epoch: 'e2', seq: 1 }]);
		topic.take(snapshot(5));
		topic.parted();
		topic.parted();
		topic.greeted();
		await vi.runAllTimersAsync();
		topic.take({ ...snapshot(1, 'e2'), columns: patch(5).columns });
		expect(differences).toEqual([{ sites: 0, values: 0 }]);
	});
});
