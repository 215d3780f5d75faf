import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import type { Grant } from '#domain/permission.ts';
import { parseScope } from '#domain/scope.ts';
import { livePlaces } from '#server/access/places.ts';
import type { Caller, NobodyCaller, PersonCaller, ScreenCaller } from '#server/access/caller.ts';
import { Board } from '#server/hub/board.ts';
import { LiveServer } from '#server/push/live-server.ts';
import { testAccess, type TestAccess } from '#test/support/access.ts';
import { EVERYTHING } from '#test/support/doors.ts';
import { station, worldOf } from '#test/support/stations.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
/** More than the doorkeeper's watch, far less than a person waits. */
const LIMIT_MS = 5_000;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const closer of closers.splice(0).reverse()) await closer();
});

const grant = (column: Grant['column'], scope: string): Grant => ({
	column,
	scope: parseScope(scope)!,
	lines: null
});
const person = (...grants: Grant[]): PersonCaller => ({ ...EVERYTHING, grants });
const screen = (scope: string): ScreenCaller => ({
	kind: 'screen',
	id: '7',
	name: 'Hall',
	scope: parseScope(scope)!,
	layout: 'overview',
	grants: [grant('screen', scope)],
	endsAt: Infinity,
	address: '127.0.0.1'
});
const nobody = (lost: NobodyCaller['lost']): NobodyCaller => ({
	kind: 'nobody',
	grants: [],
	address: '127.0.0.1',
	lost
});

interface Running extends TestAccess {
	readonly url: string;
	/** a topic that is there, one elsewhere, and a station in the first */
	readonly here: string;
	readonly there: string;
	readonly stationHere: string;
	/** Hands of the server's clock. */
	wait(ms: number): void;
	connect(auth?: object, headers?: Record<string, string>): Socket;
}

async function start(caller: (here: string, there: string) => Caller): Promise<Running> {
	const sites = Array.from({ length: 40 }, (_, slot) => station(slot));
	const world = worldOf(sites, NOW);
	const districts = [...new Set(sites.map(({ district }) => district))];
	const [here, there] = [`district:${districts[0]}`, `district:${districts[1]}`];
	const access = testAccess(caller(here, there), livePlaces(world.state));
	let now = NOW;
	const http = createServer((_, response) => response.end());
	const live = new LiveServer({ http, build: 'b', epoch: 'one', now: () => now, origin: null, ...access.options });
	const board = new Board({
		state: world.state,
		shards: [world.shard],
		sourcePeriods: () => new Map(),
		epoch: 'one',
		isDemo: () => false,
		deliver: (topic, message) => live.deliver(topic, message)
	});
	live.attach(board);
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	closers.push(async () => {
		await live.close();
		http.closeAllConnections();
		http.close();
	});
	const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
	return {
		...access,
		url,
		here,
		there,
		stationHere: `station:${sites.find(({ district }) => district === districts[0])!.code}`,
		wait: (ms) => void (now += ms),
		connect(auth = {}, headers = {}) {
			const options = { path: '/live', transports: ['websocket'], forceNew: true, auth, extraHeaders: headers };
			const socket = io(url, options);
			closers.push(() => void socket.disconnect());
			return socket;
		}
	};
}

interface Answer {
	readonly ok: boolean;
	readonly code?: string;
}
const join = async (socket: Socket, topic: string): Promise<Answer> =>
	(await socket.timeout(LIMIT_MS).emitWithAck('join', topic, null)) as Answer;
const next = (socket: Socket, event: string): Promise<unknown> =>
	Promise.race([
		new Promise((resolve) => socket.once(event, resolve)),
		delay(LIMIT_MS).then(() => Promise.reject(new Error(`no ${event} came`)))
	]);

describe('who may open a line', () => {
	test('[LA1] nobody gets none, is told why, and it is audited', async () => {
		const { connect, refused } = await start(() => nobody('expired'));
		const error = (await next(connect(), 'connect_error')) as Error & { data: unknown };
		expect([error.message, error.data]).toEqual(['sign_in_needed', { code: 'sign_in_needed' }]);
		expect(refused).toMatchObject([{ action: 'connection.refused', detail: { code: 'sign_in_needed' } }]);
	});

	test('[LA1] a person who has a second factor or a new password to come gets none', async () => {
		const { connect, become } = await start(() => ({ ...EVERYTHING, need: 'second_factor' }));
		expect(await next(connect(), 'connect_error')).toMatchObject({ message: 'second_factor_needed' });
		become({ ...EVERYTHING, need: 'new_password' });
		expect(await next(connect(), 'connect_error')).toMatchObject({ message: 'new_password_needed' });
	});

	test('[LA2] a page of another address gets none, whoever is signed in, and it is audited with its address', async () => {
		const { connect, refused } = await start(() => EVERYTHING);
		await next(connect({}, { origin: 'https://evil.example' }), 'connect_error');
		expect(refused).toMatchObject([
			{ action: 'connection.refused', detail: { code: 'origin_not_allowed', origin: 'https://evil.example' } }
		]);
	});

	test('[LA1] what a program shows in the handshake says who it is', async () => {
		const { connect, become, here, there } = await start(() => nobody(null));
		become((token) => (token === 'yzs_good' ? screen(here) : nobody('unknown')));
		const socket = connect({ token: 'yzs_good' });
		await next(socket, 'hello');
		expect(await join(socket, here)).toMatchObject({ ok: true });
		expect(await join(socket, there)).toMatchObject({ ok: false, code: 'out_of_scope' });
		expect(await next(connect({ token: 'yzs_bad' }), 'connect_error')).toMatchObject({ message: 'sign_in_needed' });
		expect(await next(connect({ token: { not: 'text' } }), 'connect_error')).toMatchObject({
			message: 'sign_in_needed'
		});
	});
});

describe('who may follow what', () => {
	test('[LA3] a topic outside the scope is refused and audited: the district by hand, the city, its stations', async () => {
		const { connect, refused, here, there, stationHere } = await start((district) =>
			person(grant('district_admin', district))
		);
		const socket = connect();
		await next(socket, 'hello');
		for (const topic of [here, stationHere])
			expect([topic, await join(socket, topic)]).toMatchObject([topic, { ok: true }]);
		for (const topic of ['city', there, 'station:nowhere', 'street:nowhere']) {
			expect([topic, await join(socket, topic)]).toMatchObject([topic, { ok: false, code: 'out_of_scope' }]);
		}
		expect(refused.map(({ action, object, actor }) => [action, object, actor.name])).toEqual(
			['city', there, 'station:nowhere', 'street:nowhere'].map((topic) => ['join.refused', `topic:${topic}`, 'test'])
		);
	});

	test('[LA3] a screen follows sums and never a station', async () => {
		const { connect, here, stationHere } = await start((district) => screen(district));
		const socket = connect();
		await next(socket, 'hello');
		expect(await join(socket, here)).toMatchObject({ ok: true });
		expect(await join(socket, stationHere)).toMatchObject({ ok: false, code: 'no_right' });
	});

	test('[LA3] who administers the system follows nothing of the city', async () => {
		const { connect } = await start(() => person(grant('system_admin', 'city'), grant('auditor', 'station:S-1')));
		const socket = connect();
		await next(socket, 'hello');
		expect(await join(socket, 'city')).toMatchObject({ ok: false });
	});
});

describe('what changes while a line is open', () => {
	test('[LA4] a revoked session is told and goes silent', async () => {
		const { connect, become } = await start(() => EVERYTHING);
		const socket = connect();
		await next(socket, 'hello');
		const frame = next(socket, 'frame');
		expect(await join(socket, 'city')).toMatchObject({ ok: true });
		await frame;
		const gone = next(socket, 'disconnect');
		const told = next(socket, 'signed_out');
		become(nobody('revoked'), { kind: 'person', id: EVERYTHING.id });
		expect(await told).toEqual({ code: 'sign_in_needed', why: 'revoked' });
		expect(await gone).toBe('io server disconnect');
	});

	test('[LA4] of a narrowed grant the lost topics end, and the others go on', async () => {
		const { connect, become, here, there } = await start((a, b) =>
			person(grant('district_admin', a), grant('district_admin', b))
		);
		const socket = connect();
		await next(socket, 'hello');
		for (const topic of [here, there]) expect(await join(socket, topic)).toMatchObject({ ok: true });
		const lost = next(socket, 'topic_lost');
		become(person(grant('district_admin', here)), { kind: 'person', id: EVERYTHING.id });
		expect(await lost).toEqual({ topic: there, code: 'out_of_scope' });
		expect(await join(socket, there)).toMatchObject({ ok: false, code: 'out_of_scope' });
		expect(await join(socket, here)).toMatchObject({ ok: true });
	});

	test('[LA4] a join that comes while a change is being looked at is judged by the change', async () => {
		const { connect, become, here, there } = await start(() => EVERYTHING);
		const socket = connect();
		await next(socket, 'hello');
		expect(await join(socket, here)).toMatchObject({ ok: true });
		const asked = join(socket, there);
		become(person(grant('district_admin', here)), { kind: 'person', id: EVERYTHING.id });
		const answer = await asked;
		// Judged before the change, it was lost by the change.
		if (answer.ok) expect(await next(socket, 'topic_lost')).toMatchObject({ topic: there });
		else expect(answer).toMatchObject({ code: 'out_of_scope' });
	});

	test('[LA4] a change of somebody else disturbs nobody', async () => {
		const { connect, become } = await start(() => EVERYTHING);
		const socket = connect();
		await next(socket, 'hello');
		become(nobody('revoked'), { kind: 'person', id: 'somebody-else' });
		expect(await join(socket, 'city')).toMatchObject({ ok: true });
	});

	test('[LA5] a session that ends by itself is noticed without anybody saying so', async () => {
		const { connect, become, wait } = await start(() => ({ ...EVERYTHING, idleAt: NOW + 60_000 }));
		const socket = connect();
		await next(socket, 'hello');
		const told = next(socket, 'signed_out');
		become(nobody('expired'));
		wait(60_001);
		expect(await told).toEqual({ code: 'sign_in_needed', why: 'expired' });
	});

	test('[LA5] a change that went unheard is noticed all the same', async () => {
		const { connect, become, wait } = await start(() => screen('city'));
		const socket = connect();
		await next(socket, 'hello');
		const told = next(socket, 'signed_out');
		become(nobody('revoked'));
		wait(30_001);
		expect(await told).toMatchObject({ why: 'revoked' });
	});

	test('[LA4] who was let in by an answer from before a change is asked again at once', async () => {
		const { connect, become, hold } = await start(() => EVERYTHING);
		const release = hold();
		const socket = connect();
		const told = next(socket, 'signed_out');
		// The handshake has its answer, and the change comes before it is acted upon.
		await delay(100);
		become(nobody('revoked'), { kind: 'person', id: EVERYTHING.id });
		release();
		expect(await told).toEqual({ code: 'sign_in_needed', why: 'revoked' });
	});

	test('[LA5] a grant that ends by its date ends its topics', async () => {
		const { connect, become, wait, here } = await start(() => ({ ...EVERYTHING, changesAt: NOW + 60_000 }));
		const socket = connect();
		await next(socket, 'hello');
		expect(await join(socket, here)).toMatchObject({ ok: true });
		const lost = next(socket, 'topic_lost');
		become(person());
		wait(60_001);
		expect(await lost).toEqual({ topic: here, code: 'no_right' });
	});

	test('[LA6] a line of nobody that asks again and again is cut off, and it is audited', async () => {
		const { url, refused } = await start(() => nobody('unknown'));
		const line = new WebSocket(`${url.replace('http', 'ws')}/live/?EIO=4&transport=websocket`);
		await once(line, 'open');
		const closed = once(line, 'close');
		line.on('error', () => undefined);
		for (let n = 0; n < 2_000; n++) line.send(`40{"token":"yzs_${n}"}`);
		await closed;
		const codes = refused.map(({ detail }) => detail?.['code']);
		expect(codes).toContain('too_many_messages');
		expect(codes.length).toBeLessThan(400);
	});

	test('[LA6] who asks without an end is cut off, and it is audited once', async () => {
		const { connect, refused } = await start(() => EVERYTHING);
		const socket = connect();
		await next(socket, 'hello');
		const gone = next(socket, 'disconnect');
		for (let n = 0; n < 400; n++) socket.emit('leave', 'city');
		await gone;
		expect(refused.map(({ detail }) => detail)).toEqual([{ code: 'too_many_messages' }]);
	});
});
