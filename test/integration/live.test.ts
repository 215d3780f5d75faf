import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { tickClock } from '#domain/clock.ts';
import { fold } from '#domain/fold.ts';
import { applyFrame, openFrame, PROTOCOL, type Cursor, type TopicState } from '#domain/frame.ts';
import { markDirty } from '#domain/state.ts';
import { FIELDS } from '#domain/table.ts';
import { Board, TICK_MS } from '#server/hub/board.ts';
import { LiveServer } from '#server/push/live-server.ts';
import { testAccess } from '#test/support/access.ts';
import { arrival, seededRandom, station, visit, worldOf, type World } from '#test/support/stations.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const LIMIT_MS = 20_000;

interface Running {
	readonly url: string;
	readonly live: LiveServer;
	readonly board: Board;
	readonly world: World;
	visit(subject: string, count?: number): void;
	tick(times?: number): Promise<void>;
	stop(): Promise<void>;
}

async function startLive(
	sites: number,
	more: { epoch?: string; origin?: string | null; port?: number; isStarting?: boolean } = {}
): Promise<Running> {
	const http: HttpServer = createServer((_, response) => response.end());
	const world = worldOf(
		Array.from({ length: sites }, (_, slot) => station(slot)),
		NOW
	);
	let now = NOW;
	const epoch = more.epoch ?? 'one';
	const live = new LiveServer({
		http,
		build: 'b1',
		epoch,
		now: () => now,
		origin: more.origin ?? null,
		...testAccess().options
	});
	const board = new Board({
		state: world.state,
		shards: [world.shard],
		sourcePeriods: () => new Map(),
		epoch,
		isDemo: () => true,
		deliver: (topic, message) => live.deliver(topic, message)
	});
	board.open('city', now);
	if (!more.isStarting) live.attach(board);
	http.listen(more.port ?? 0, '127.0.0.1');
	await once(http, 'listening');
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		live,
		board,
		world,
		visit: (subject, count) =>
			expect(fold(world.state, world.shard, [arrival(visit(subject, now, count))])).toEqual([]),
		async tick(times = 1) {
			for (let i = 0; i < times; i++) {
				now += TICK_MS;
				tickClock(world.state, [world.shard], now);
				board.tick(now, (topic) => live.isWanted(topic));
				await turn();
			}
		},
		async stop() {
			await live.close();
			http.closeAllConnections();
			http.close();
		}
	};
}

interface Answer {
	readonly ok: boolean;
	readonly code?: string;
	readonly message?: string;
	readonly epoch?: string;
	readonly seq?: number;
}

interface Hello {
	readonly protocol: number;
	readonly build: string;
	readonly epoch: string;
}

/** A screen over a real socket: applies frames in their order and keeps what `applyFrame` said to each. */
class Client {
	readonly socket: Socket;
	readonly states = new Map<string, TopicState>();
	readonly outcomes: string[] = [];
	readonly kinds: string[] = [];
	readonly hello: Promise<Hello>;
	#applying: Promise<void> = Promise.resolve();

	constructor(url: string, headers: Record<string, string> = {}) {
		this.socket = io(url, {
			path: '/live',
			transports: ['websocket'],
			forceNew: true,
			reconnectionDelay: 20,
			extraHeaders: headers
		});
		this.hello = new Promise((resolve) => this.socket.once('hello', resolve));
		this.socket.on('frame', (message: Buffer) => {
			this.#applying = this.#applying.then(() => this.#apply(new Uint8Array(message)));
		});
	}

	async #apply(message: Uint8Array<ArrayBuffer>): Promise<void> {
		const frame = await openFrame(message);
		const { outcome, state } = applyFrame(this.states.get(frame.topic) ?? null, frame);
		this.outcomes.push(outcome);
		this.kinds.push(frame.directory ? 'snapshot' : 'patch');
		if (state) this.states.set(frame.topic, state);
	}

	async join(topic: unknown, cursor: Cursor | null | object = null): Promise<Answer> {
		return (await this.socket.timeout(5000).emitWithAck('join', topic, cursor)) as Answer;
	}

	cursor(topic: string): Cursor {
		const { epoch, seq } = this.states.get(topic)!;
		return { epoch, seq };
	}

	/** The connection under Socket.IO, as a line that is full or cut. */
	get line(): NetSocket {
		const { engine } = this.socket.io as unknown as { engine?: { transport?: { ws?: { _socket: NetSocket } } } };
		return engine?.transport?.ws?._socket as NetSocket;
	}
}

async function until(isDone: () => boolean): Promise<void> {
	const end = performance.now() + LIMIT_MS;
	while (!isDone()) {
		if (performance.now() > end) throw new Error('It did not come to that.');
		await delay(5);
	}
}

describe('the live door', () => {
	let server: Running;
	let clients: Client[];
	const connect = (headers?: Record<string, string>): Client => {
		const client = new Client(server.url, headers);
		clients.push(client);
		return client;
	};

	beforeEach(async () => {
		clients = [];
		server = await startLive(12);
	});
	afterEach(async () => {
		for (const client of clients) {
			client.line?.destroy();
			client.socket.disconnect();
		}
		await server.stop();
	});

	const isCurrent = (client: Client, topic = 'city'): boolean =>
		client.states.get(topic)?.seq === server.board.topic(topic)?.seq;

	function expectServersState(client: Client): void {
		const { columns } = client.states.get('city')!;
		const { state } = server.world;
		for (const field of FIELDS)
			expect([field, columns[field]]).toEqual([field, state.columns[field].subarray(0, columns[field].length)]);
	}

	test('greets with its protocol, build and epoch', async () => {
		expect(await connect().hello).toEqual({ protocol: PROTOCOL, build: 'b1', epoch: 'one' });
	});

	test('[FM1] a join without a cursor is answered, then comes a snapshot, then patches', async () => {
		server.visit('S-1', 3);
		await server.tick();
		const client = connect();
		expect(await client.join('city')).toEqual({ ok: true, topic: 'city', epoch: 'one.0', seq: 1 });
		await until(() => isCurrent(client));
		server.visit('S-2', 4);
		await server.tick();
		server.visit('S-2', 4);
		await server.tick();
		await until(() => isCurrent(client));
		expect(client.kinds).toEqual(['snapshot', 'patch', 'patch']);
		expect(client.states.get('city')?.directory).toMatchObject({ isDemo: true, sites: { length: 12 } });
		expectServersState(client);
	});

	test('[FM4] after a cut the cursor brings exactly the missing patches, a cursor of another life a snapshot', async () => {
		const client = connect();
		await client.join('city');
		await server.tick();
		await until(() => isCurrent(client));
		client.line.destroy();
		await until(() => server.live.clients === 0 || !client.socket.connected);
		for (let i = 0; i < 5; i++) {
			server.visit(`S-${i}`, 1);
			await server.tick();
		}
		await until(() => client.socket.connected);
		const before = client.kinds.length;
		await client.join('city', client.cursor('city'));
		await until(() => isCurrent(client));
		expect(client.kinds.slice(before)).toEqual(Array.from({ length: 5 }, () => 'patch'));
		expect(client.outcomes).not.toContain('gap');
		expectServersState(client);
		await client.join('city', { epoch: 'another', seq: 3 });
		await until(() => client.kinds.at(-1) === 'snapshot');
		await client.join('city', { epoch: client.cursor('city').epoch, seq: 999 });
		await until(() => client.kinds.filter((kind) => kind === 'snapshot').length === 3);
		expectServersState(client);
	});

	test('[FM4] a screen outlives the server: another process with another epoch gives it a snapshot', async () => {
		const client = connect();
		await client.join('city');
		await server.tick();
		await until(() => isCurrent(client));
		const port = Number(new URL(server.url).port);
		await server.stop();
		await until(() => !client.socket.connected);
		server = await startLive(12, { epoch: 'two', port });
		server.visit('S-3', 9);
		await server.tick();
		await until(() => client.socket.connected);
		expect(await client.join('city', client.cursor('city'))).toMatchObject({ ok: true, epoch: 'two.0' });
		await until(() => client.states.get('city')?.epoch === 'two.0');
		expectServersState(client);
	});

	test.each([
		['nonsense', null, 'unknown_topic'],
		['district:none', null, 'unknown_topic'],
		['station:', null, 'unknown_topic'],
		[7, null, 'bad_request'],
		['city', { epoch: 1, seq: 2 }, 'bad_request'],
		['city', { epoch: 'a', seq: -1 }, 'bad_request'],
		['city', 'cursor', 'bad_request']
	])('[FM6] join(%j, %j) is refused with %s and a sentence', async (topic, cursor, code) => {
		const client = connect();
		const answer = await client.join(topic, cursor as object);
		expect(answer).toMatchObject({ ok: false, code });
		expect(answer.message).toMatch(/\.$/);
		expect(client.kinds).toEqual([]);
	});

	test('[FM6] a join with no acknowledgement, or with arguments of any kind, harms nobody', async () => {
		const client = connect();
		for (const args of [[], ['city'], [{}, []], ['city', null, 'x'], [null, null, null]])
			client.socket.emit('join', ...args);
		client.socket.emit('leave', { toString: 1 });
		expect(await client.join('city')).toMatchObject({ ok: true });
		await server.tick();
		await until(() => isCurrent(client));
	});

	test('[FM6] one client may listen to 32 topics; leaving one makes room', async () => {
		await server.stop();
		server = await startLive(40);
		const client = connect();
		for (let i = 0; i < 32; i++) expect(await client.join(`station:S-${i}`)).toMatchObject({ ok: true });
		expect(await client.join('station:S-32')).toMatchObject({ ok: false, code: 'too_many_topics' });
		expect(await client.join('station:S-31')).toMatchObject({ ok: true });
		client.socket.emit('leave', 'station:S-0');
		expect(await client.join('station:S-32')).toMatchObject({ ok: true });
	});

	test('[FM6] before the state is loaded a join is answered with "starting"', async () => {
		await server.stop();
		server = await startLive(1, { isStarting: true });
		expect(await connect().join('city')).toMatchObject({ ok: false, code: 'starting' });
	});

	test('[FM6] who comes before the state is loaded is greeted once it is, and its join is answered', async () => {
		await server.stop();
		server = await startLive(1, { isStarting: true });
		const early = connect();
		let greetings = 0;
		early.socket.on('hello', () => greetings++);
		expect(await early.join('city')).toMatchObject({ code: 'starting' });
		expect(greetings).toBe(0);
		server.live.attach(server.board);
		await early.hello;
		expect(await early.join('city')).toMatchObject({ ok: true });
		expect(greetings).toBe(1);
	});

	test('a page of another origin is refused, one of the same host or of ORIGIN is welcome', async () => {
		const { host } = new URL(server.url);
		const refused = connect({ origin: 'https://evil.example' });
		await new Promise((resolve) => refused.socket.once('connect_error', resolve));
		expect(refused.socket.connected).toBe(false);
		refused.socket.disconnect();
		await connect({ origin: `http://${host}` }).hello;
		await server.stop();
		server = await startLive(1, { origin: 'https://ops.example.org' });
		await connect({ origin: 'https://ops.example.org' }).hello;
	});

	test('[FM5] who left, or is gone, is sent nothing more, and the topic is not wanted any more', async () => {
		const client = connect();
		const other = connect();
		await client.join('city');
		await other.join('city');
		await server.tick();
		await until(() => isCurrent(client) && isCurrent(other));
		const frames = client.kinds.length;
		client.socket.emit('leave', 'city');
		await client.join('station:S-1');
		server.visit('S-5', 1);
		await server.tick();
		await until(() => isCurrent(other));
		await until(() => client.states.has('station:S-1'));
		expect(client.states.get('city')?.seq).not.toBe(server.board.topic('city')?.seq);
		expect(client.kinds.length).toBe(frames + 1);
		other.socket.disconnect();
		await until(() => server.live.clients === 1);
		expect(server.live.isWanted(server.board.topic('city')!)).toBe(false);
	});

	/** Changes three columns of every site in each tick. Returns the bytes of the frames that this made. */
	async function makeLargeFrames(ticks: number): Promise<number> {
		const random = seededRandom(9);
		const { state } = server.world;
		const before = server.board.metrics.bytes;
		for (let i = 0; i < ticks; i++) {
			for (let slot = 0; slot < state.capacity; slot++) {
				state.columns.inside[slot] = Math.floor(random() * 2 ** 31);
				state.columns.co2[slot] = Math.floor(random() * 2 ** 31);
				state.columns.visitsToday[slot] = Math.floor(random() * 2 ** 31);
				markDirty(state, slot);
			}
			await server.tick();
		}
		return server.board.metrics.bytes - before;
	}

	test('closes while a client takes nothing: a stop of the product waits for nobody', async () => {
		await server.stop();
		server = await startLive(20_000);
		const slow = connect();
		await slow.join('city');
		await server.tick();
		await until(() => isCurrent(slow));
		slow.line.pause();
		await makeLargeFrames(70);
		const closed = server.stop().then(() => 'closed');
		expect(await Promise.race([closed, delay(5000, 'still waiting')])).toBe('closed');
		slow.line.destroy();
		await closed;
		server = await startLive(1);
	});

	test('[FM5] a screen on a line that is full is left out, its queue stays small, and it ends with the state of the server', async () => {
		await server.stop();
		// Enough to fill what the kernel keeps for one connection (some MB) many times over, in frames that are small each.
		const sites = 20_000;
		server = await startLive(sites);
		const slow = connect();
		const quick = connect();
		await slow.join('city');
		await quick.join('city');
		await server.tick();
		await until(() => isCurrent(slow) && isCurrent(quick));
		slow.line.pause();
		const before = server.live.metrics.bytes;
		const made = await makeLargeFrames(70);
		await until(() => isCurrent(quick));
		expect(made).toBeGreaterThan(16_000_000);
		expect(server.live.metrics.skipped).toBeGreaterThan(0);
		// What the quick one got is all that was made; what waits for the slow one is what the kernel took, and little more.
		expect(server.live.metrics.bytes - before - made).toBeLessThan(made / 2);
		slow.line.resume();
		await delay(50);
		const frames = slow.outcomes.length;
		for (let i = 0; i < 200 && !isCurrent(slow); i++) {
			server.visit('S-1', 1);
			await server.tick();
			await delay(20);
		}
		await until(() => isCurrent(slow));
		expect(slow.outcomes.length).toBeGreaterThan(frames);
		expect(slow.outcomes).not.toContain('gap');
		expectServersState(slow);
	});
});

describe('clients that mean no good', () => {
	let running: Running;

	beforeEach(async () => {
		running = await startLive(3);
	});

	afterEach(async () => {
		await running.stop();
	});

	async function openRaw(): Promise<WebSocket> {
		const line = new WebSocket(`${running.url.replace('http', 'ws')}/live/?EIO=4&transport=websocket`);
		line.on('error', () => undefined);
		await once(line, 'open');
		return line;
	}

	test('[FM5] one that asks without end and never reads is cut off', async () => {
		const line = await openRaw();
		line.send('40');
		await delay(50);
		(line as unknown as { _socket: NetSocket })._socket.pause();
		const limit = Date.now() + LIMIT_MS;
		while (running.live.clients > 0 && Date.now() < limit) {
			for (let i = 0; i < 2000 && line.readyState === WebSocket.OPEN; i++) line.send('421["join",1]');
			await delay(5);
		}
		expect(running.live.clients).toBe(0);
		line.terminate();
	});

	test('[FM5] a stop does not wait for one that never said what it wants', async () => {
		const line = await openRaw();
		const closed = once(line, 'close');
		const stopping = running.live.close();
		await expect(Promise.race([stopping.then(() => 'stopped'), delay(5000, 'waits')])).resolves.toBe('stopped');
		await closed;
	});

	test('[FM6] a join without anything but an answer to give is answered', async () => {
		const socket = io(running.url, { path: '/live', transports: ['websocket'] });
		const answer = await socket.emitWithAck('join');
		expect(answer).toMatchObject({ ok: false, code: 'bad_request' });
		socket.disconnect();
	});
});
