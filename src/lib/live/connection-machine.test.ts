import { describe, expect, it } from 'vitest';
import {
	isReloadDue,
	LINK_EVENTS,
	LINK_STATES,
	nextLinkState,
	type LinkEvent,
	type LinkState
} from './connection-machine.ts';

const run = (...events: LinkEvent[]): LinkState => events.reduce(nextLinkState, 'connecting' as LinkState);

describe('the connection machine', () => {
	it('answers every event in every state with a known state', () => {
		for (const state of LINK_STATES) {
			for (const event of LINK_EVENTS) expect(LINK_STATES).toContain(nextLinkState(state, event));
		}
	});

	it('is live only once a frame was heard', () => {
		expect(run('greeted')).toBe('connecting');
		expect(run('greeted', 'heard')).toBe('live');
	});

	it('stays interrupted after a reconnect until a frame is heard', () => {
		expect(run('greeted', 'heard', 'lost', 'greeted')).toBe('interrupted');
		expect(run('greeted', 'heard', 'lost', 'greeted', 'heard')).toBe('live');
	});

	it('counts an open socket without frames as interrupted', () => {
		expect(run('greeted', 'heard', 'fellSilent')).toBe('interrupted');
	});

	it('never believes a frame while refused, and leaves only by a hello it understands', () => {
		expect(run('turnedAway', 'heard', 'lost', 'heard')).toBe('refused');
		expect(run('turnedAway', 'greeted', 'heard')).toBe('live');
	});
});

describe('reloading for a new build', () => {
	it('never happens at the first hello', () => expect(isReloadDue(null, 'b', null)).toBe(false));
	it('happens when the build changed', () => expect(isReloadDue('a', 'b', null)).toBe(true));
	it('happens once per build', () => expect(isReloadDue('a', 'b', 'b')).toBe(false));
	it('does not happen while the build is the same', () => expect(isReloadDue('a', 'a', null)).toBe(false));
});
