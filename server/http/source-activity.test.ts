import { expect, test } from 'vitest';
import { SourceActivity } from './source-activity.ts';

const MINUTE = 60_000;

function watched() {
	const shards = [0, 1].map(() => ({ shard: { sources: new Map<string, { source: string; events: number }>() } }));
	const activity = new SourceActivity(shards);
	let now = 1_000_000;
	return {
		set: (source: string, shard: number, events: number) =>
			shards[shard]?.shard.sources.set(source, { source, events }),
		pass(minutes: number) {
			for (let i = 0; i < minutes; i++) activity.look((now += MINUTE));
		},
		recent: (source: string) => activity.recent(now).get(source)
	};
}

test('counts the events of the last hour, over all streams', () => {
	const { set, pass, recent } = watched();
	set('gw', 0, 100);
	pass(1);
	set('gw', 0, 110);
	set('gw', 1, 5);
	pass(30);
	expect(recent('gw')).toEqual({ events: 15, seconds: 1800 });
	pass(30);
	expect(recent('gw')).toEqual({ events: 15, seconds: 3600 });
	pass(1);
	expect(recent('gw')).toEqual({ events: 0, seconds: 3600 });
});

test('a source that was heard for the first time in between counts from nothing', () => {
	const { set, pass, recent } = watched();
	pass(10);
	set('new', 1, 7);
	pass(1);
	expect(recent('new')).toEqual({ events: 7, seconds: 600 });
	expect(recent('never')).toBeUndefined();
});

test('counters that began anew do not make it negative', () => {
	const { set, pass, recent } = watched();
	set('gw', 0, 100);
	pass(5);
	set('gw', 0, 3);
	pass(1);
	expect(recent('gw')?.events).toBe(3);
});
