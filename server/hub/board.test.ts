import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tickClock } from '#domain/clock.ts';
import { fold } from '#domain/fold.ts';
import { applyFrame, FRAME_DEFLATED, unpackFrame, type Frame, type TopicState } from '#domain/frame.ts';
import { OCCUPATIONS } from '#domain/occupation.ts';
import { todayOccupations } from '#domain/occupations.ts';
import { dayOf, dayStart } from '#domain/shanghai.ts';
import { setRegistry } from '#domain/state.ts';
import type { Site } from '#domain/site.ts';
import { COLUMNS, FIELDS } from '#domain/table.ts';
import {
	arrival,
	areasOf,
	seededRandom,
	station,
	stationEvent,
	visit,
	worldOf,
	type World
} from '#test/support/stations.ts';
import { Board, TICK_MS } from './board.ts';
import { RING_MS, Topic, type Message } from './topic.ts';

const START = dayStart(dayOf(Date.UTC(2026, 5, 2))) - 60_000;

function read(message: Message): Frame {
	const body = message.bytes.subarray(1);
	return unpackFrame(message.bytes[0] === FRAME_DEFLATED ? inflateRawSync(body) : body);
}

/** A screen: applies what reaches it, and asks with its cursor where something is missing. */
class Screen {
	readonly topic: string;
	state: TopicState | null = null;
	isOnline = true;
	/** frames that will get lost on the way */
	losing = 0;
	snapshots = 0;

	constructor(topic: string) {
		this.topic = topic;
	}

	take(message: Message, server: Server): void {
		if (!this.isOnline) return;
		if (this.losing > 0) return void this.losing--;
		if (this.apply(message) === 'gap') this.join(server);
	}

	/** What the live server does for a join: the missing frames if they are kept, else a snapshot. */
	join(server: Server): void {
		const { board } = server;
		const topic = board.open(this.topic, server.now);
		if (!topic) {
			this.state = null;
			return;
		}
		const missed = this.state && topic.since({ epoch: this.state.epoch, seq: this.state.seq });
		if (!missed) {
			this.snapshots++;
			expect(this.apply(board.snapshot(topic, server.now))).toBe('applied');
			return;
		}
		// [FM4] exactly the frames after the cursor, up to the newest.
		expect(missed.map(({ seq }) => seq)).toEqual(missed.map((_, i) => (this.state?.seq ?? 0) + 1 + i));
		for (const message of missed) expect(this.apply(message)).toBe('applied');
		expect(this.state?.seq).toBe(topic.seq);
	}

	apply(message: Message): string {
		const { outcome, state } = applyFrame(this.state, read(message));
		this.state = state;
		return outcome;
	}
}

/** A server without sockets: live state, a board, and screens that get its frames. */
class Server {
	now = START;
	world: World;
	board: Board;
	readonly screens: Screen[];
	readonly #log: ReturnType<typeof arrival>[] = [];
	#sites: Site[];
	#epoch = 0;

	constructor(sites: Site[], screens: Screen[]) {
		this.#sites = sites;
		this.world = worldOf(sites, this.now);
		this.board = this.#newBoard();
		this.screens = screens;
	}

	#newBoard(): Board {
		return new Board({
			state: this.world.state,
			shards: [this.world.shard],
			sourcePeriods: () => new Map(),
			epoch: `e${this.#epoch++}`,
			isDemo: () => false,
			deliver: (topic, message) => {
				for (const screen of this.screens) if (screen.topic === topic.name) screen.take(message, this);
			}
		});
	}

	fold(events: ReturnType<typeof visit>[]): void {
		const batch = events.map((event) => arrival(event, this.now));
		this.#log.push(...batch);
		fold(this.world.state, this.world.shard, batch);
	}

	tick(): void {
		this.now += TICK_MS;
		tickClock(this.world.state, [this.world.shard], this.now);
		this.board.tick(this.now, (topic) =>
			this.screens.some(({ topic: name, isOnline }) => isOnline && name === topic.name)
		);
	}

	/** Minutes in which nobody asks anything; ticks go on, fewer of them so that the test stays quick. */
	pass(ms: number): void {
		const end = this.now + ms;
		while (this.now < end) {
			this.tick();
			this.now += 4 * TICK_MS;
		}
	}

	/** Another process: it folds the same stream from its beginning, and numbers its frames anew. */
	restart(): void {
		this.world = worldOf(this.#sites, START);
		for (const one of this.#log) fold(this.world.state, this.world.shard, [one]);
		this.board = this.#newBoard();
		this.board.open('city', this.now);
		this.tick();
	}

	register(sites: Site[]): void {
		this.#sites = sites;
		setRegistry(this.world.state, sites, areasOf(sites));
	}

	get sites(): readonly Site[] {
		return this.#sites;
	}

	inTopic(topic: string): Site[] {
		const code = topic.split(':')[1];
		return this.#sites
			.filter((site) => topic === 'city' || [site.district, site.street, site.code].includes(code ?? ''))
			.toSorted((a, b) => a.slot - b.slot);
	}
}

function expectSame(screen: Screen, server: Server): void {
	const members = server.inTopic(screen.topic);
	if (members.length === 0) return;
	const { state } = server.world;
	expect(screen.state?.directory.sites.map(({ code }) => code)).toEqual(members.map(({ code }) => code));
	for (const field of FIELDS) {
		const expected = new COLUMNS[field].array(members.map(({ slot }) => state.columns[field][slot]!));
		expect([screen.topic, field, screen.state?.columns[field]]).toEqual([screen.topic, field, expected]);
	}
	const only = screen.topic.startsWith('station:') ? members[0] : undefined;
	if (!only) {
		const inside = new Set(members.flatMap(({ district, street }) => [district, street]));
		const level = screen.topic.split(':')[0];
		const expected = todayOccupations(state).areas.filter(({ area }) => {
			if (level === 'city') return true;
			return inside.has(area) && (level === 'district' || screen.topic === `street:${area}`);
		});
		expect([screen.topic, screen.state?.occupations]).toEqual([screen.topic, expected]);
		return;
	}
	expect(screen.state?.details?.occupations).toEqual(todayOccupations(state).ofSite(only.slot));
	const devices = [...(state.devices.get(only.slot)?.values() ?? [])].map(({ device, at }) => [device, at]);
	expect(screen.state?.details?.devices.map(({ device, at }) => [device, at])).toEqual(devices);
}

type Step =
	| { readonly kind: 'events'; readonly count: number; readonly seed: number }
	| { readonly kind: 'ticks'; readonly count: number }
	| { readonly kind: 'lose'; readonly screen: number; readonly frames: number }
	| { readonly kind: 'leave' | 'return'; readonly screen: number }
	| { readonly kind: 'pass'; readonly seconds: number }
	| { readonly kind: 'register'; readonly sites: number }
	| { readonly kind: 'restart' };

const TOPICS = ['city', 'city', 'district:d1', 'street:d0-s0', 'station:S-1', 'station:S-7'];
const anyScreen = fc.nat(TOPICS.length - 1);

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('events' as const), count: fc.nat(12), seed: fc.nat() }) },
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('ticks' as const), count: fc.integer({ min: 1, max: 4 }) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('lose' as const),
			screen: anyScreen,
			frames: fc.integer({ min: 1, max: 3 })
		})
	},
	{
		weight: 3,
		arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'return' as const), screen: anyScreen })
	},
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(5, 30, 110, 130, 400) })
	},
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('register' as const), sites: fc.integer({ min: 1, max: 25 }) })
	},
	{ weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) }
);

function randomEvents(server: Server, count: number, seed: number) {
	const random = seededRandom(seed);
	return Array.from({ length: count }, (_, n) => {
		const { code } = server.sites[Math.floor(random() * server.sites.length)]!;
		const at = server.now - Math.floor(random() * 20_000);
		switch (Math.floor(random() * 5)) {
			case 0:
				return stationEvent('people.counted', code, at, { in: 1, out: 0, inside: Math.floor(random() * 4) });
			case 1:
				return stationEvent('env.read', code, at, { temperatureC: random() * 40, humidityPct: 40, co2Ppm: 400 });
			case 2:
				return stationEvent('device.changed', code, at, {
					device: `d${n % 3}`,
					kind: 'door',
					state: random() < 0.5 ? 'online' : 'offline'
				});
			case 3:
				return stationEvent(random() < 0.5 ? 'station.opened' : 'station.closed', code, at, {});
			default:
				return stationEvent('station.visited', code, at, { method: 'qr', occupation: OCCUPATIONS[n % 16]! });
		}
	});
}

function run(server: Server, one: Step): void {
	const { screens } = server;
	switch (one.kind) {
		case 'events':
			return server.fold(randomEvents(server, one.count, one.seed));
		case 'ticks':
			for (let i = 0; i < one.count; i++) server.tick();
			return;
		case 'lose':
			screens[one.screen]!.losing += one.frames;
			return;
		case 'leave':
			screens[one.screen]!.isOnline = false;
			return;
		case 'return':
			if (screens[one.screen]!.isOnline) return;
			screens[one.screen]!.isOnline = true;
			return screens[one.screen]!.join(server);
		case 'pass':
			return server.pass(one.seconds * 1000);
		case 'register':
			return server.register(
				Array.from({ length: one.sites }, (_, slot) => station(slot, { district: `d${(slot + one.sites) % 3}` }))
			);
		case 'restart':
			server.restart();
			for (const screen of screens) if (screen.isOnline) screen.join(server);
	}
}

function opened(sites: number): Server {
	const server = new Server(
		Array.from({ length: sites }, (_, slot) => station(slot)),
		TOPICS.map((topic) => new Screen(topic))
	);
	server.board.open('city', server.now);
	server.tick();
	for (const screen of server.screens) screen.join(server);
	return server;
}

describe('board, topic and applyFrame', () => {
	test('[FM1] [FM4] whatever gets lost, however long a screen was away, it ends with exactly the state of the server', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 40 }), (sites, steps) => {
				const server = opened(sites);
				for (const one of steps) run(server, one);
				for (const screen of server.screens) {
					screen.losing = 0;
					screen.isOnline = true;
					screen.join(server);
				}
				// Occupations are told every 5 s.
				server.pass(5500);
				server.tick();
				for (const screen of server.screens) expectSame(screen, server);
			}),
			{ seed: 2026, numRuns: 150 }
		);
	});

	test('[FM4] a screen that was away for 30 s gets the missing frames, one that was away for an hour a snapshot', () => {
		for (const [seconds, snapshots] of [
			[30, 0],
			[3600, 1]
		] as const) {
			const server = opened(5);
			const screen = server.screens[0]!;
			screen.snapshots = 0;
			screen.isOnline = false;
			for (let i = 0; i < 10; i++) {
				server.fold(randomEvents(server, 5, i));
				server.pass((seconds * 1000) / 10);
			}
			screen.isOnline = true;
			screen.join(server);
			server.pass(5500);
			expectSame(screen, server);
			expect(screen.snapshots).toBe(snapshots);
		}
	});

	test('[FM3] one frame per topic and tick, none when nothing changed, a sign of life every 10 s', () => {
		const server = opened(3);
		const seqs = (): number[] => server.screens.map(({ state }) => state?.seq ?? -1);
		server.pass(11_000);
		const before = seqs();
		server.tick();
		expect(seqs()).toEqual(before);
		server.fold([visit('S-1', server.now), visit('S-1', server.now), visit('S-2', server.now)]);
		server.tick();
		expect(server.screens[0]!.state?.seq).toBe(before[0]! + 1);
		const quiet = seqs();
		server.pass(10_500);
		expect(seqs().every((seq, i) => seq === -1 || seq > quiet[i]!)).toBe(true);
	});

	test('[FM3] a value that went there and back within a tick is not sent', () => {
		const server = opened(2);
		server.fold([stationEvent('power.changed', 'S-0', server.now, { mains: true })]);
		server.tick();
		const frames: Frame[] = [];
		server.screens[0]!.apply = (message) => (frames.push(read(message)), 'applied');
		server.fold([
			stationEvent('power.changed', 'S-0', server.now + 1, { mains: false }),
			stationEvent('power.changed', 'S-0', server.now + 2, { mains: true })
		]);
		server.tick();
		expect(frames.every(({ columns }) => columns.mains === undefined)).toBe(true);
	});

	test('a topic without sites is none, except the city', () => {
		const server = opened(3);
		for (const name of ['', 'nonsense', 'district:', 'district:none', 'station:S-99', 'city:1'])
			expect(server.board.open(name, server.now)).toBeNull();
		const empty = new Server([], []);
		expect(empty.board.open('city', empty.now)?.members).toEqual([]);
	});

	test('[FM4] a topic nobody listens to is let go after two minutes, and its next life has another epoch', () => {
		const server = opened(3);
		const first = server.board.open('district:d1', server.now)!.epoch;
		for (const screen of server.screens) screen.isOnline = false;
		server.pass(RING_MS + 20_000);
		expect(server.board.topic('district:d1')).toBeNull();
		expect(server.board.topic('city')).not.toBeNull();
		expect(server.board.open('district:d1', server.now)?.epoch).not.toBe(first);
	});
});

describe('Topic', () => {
	test('[FM4] a cursor of another epoch, from the future or from before the ring gets no patches', () => {
		const topic = new Topic(
			'city',
			'e',
			{ members: [], directory: { sites: [], areas: [], isDemo: false }, areas: new Set<string>() },
			0
		);
		const nothing = { fields: {}, slots: new Int32Array(0) };
		expect(topic.patch(nothing, {}, 0, false)).toBeNull();
		for (let i = 1; i <= 300; i++) topic.patch(nothing, {}, i * 1000, true);
		expect(topic.seq).toBe(300);
		expect(topic.since({ epoch: 'e', seq: 300 })).toEqual([]);
		expect(topic.since({ epoch: 'e', seq: 299 })?.map(({ seq }) => seq)).toEqual([300]);
		expect(topic.since({ epoch: 'e', seq: 180 })?.length).toBe(120);
		for (const [epoch, seq] of [
			['x', 299],
			['e', 301],
			['e', 100],
			['e', 0]
		] as const)
			expect(topic.since({ epoch, seq })).toBeNull();
	});
});
