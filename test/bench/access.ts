/**
 * What access costs: a join with its question against one without, and how long after a revocation 200 open sockets are
 * silent. Sessions lie in PGlite, in the same process as server and clients: slower than a product with both cores to itself.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { openPglite, type OpenDatabase } from '#db/client.ts';
import { must } from '#domain/must.ts';
import { Access } from '#server/access/access.ts';
import { clientOf, proxyTrust } from '#server/access/client-address.ts';
import { livePlaces } from '#server/access/places.ts';
import { Board } from '#server/hub/board.ts';
import { LiveServer, type LiveServerOptions } from '#server/push/live-server.ts';
import { findScreen } from '#server/store/screen-store.ts';
import { endSessionsOf, findSession } from '#server/store/session-store.ts';
import { testAccess } from '#test/support/access.ts';
import { takeSeat, type Seat } from '#test/support/seats.ts';
import { station, worldOf } from '#test/support/stations.ts';
import { median, percentile, type Row } from './table.ts';

const SOCKETS = 200;
const STATIONS = 801;
const JOIN_LIMIT_MS = 5;
const SILENCE_LIMIT_MS = 1000;

type Asked = Pick<LiveServerOptions, 'access' | 'audit' | 'onError'>;

export async function benchAccess(): Promise<Row[]> {
	const database = await openPglite();
	await database.migrate();
	try {
		const open = await joins(testAccess().options, () => ({}));
		const guarded = openReal(database);
		const seats = await Promise.all(Array.from({ length: SOCKETS }, () => takeSeat(database.db, ['leader'], 'city')));
		const asked = await joins(guarded.options, (n) => must(seats[n], 'a seat').headers);
		const added = median(asked.ms) - median(open.ms);
		const one = await silence(database, guarded, [await takeSeat(database.db, ['leader'], 'city')]);
		const many = await silence(database, guarded, seats);
		return [
			{
				what: `connect and join a district of ${STATIONS} stations: with a session in PGlite − without asking (${SOCKETS} each, in turn)`,
				measured: `p50/p95 ${figures(asked.ms)} − ${figures(open.ms)} ms`,
				ratio: null,
				target: `median adds ≤ ${JOIN_LIMIT_MS} ms`,
				isMet: added <= JOIN_LIMIT_MS
			},
			silenceRow(`one person's ${SOCKETS} open sockets, session revoked → the last is silent`, one),
			silenceRow(`${SOCKETS} people's open sockets, all revoked at once → the last is silent`, many)
		];
	} finally {
		await database.close();
	}
}

const figures = (ms: readonly number[]): string => `${median(ms).toFixed(1)}/${percentile(ms, 0.95).toFixed(1)}`;

function silenceRow(what: string, ms: number): Row {
	return {
		what,
		measured: `${ms.toFixed(0)} ms`,
		ratio: null,
		target: `≤ ${SILENCE_LIMIT_MS} ms`,
		isMet: ms <= SILENCE_LIMIT_MS
	};
}

interface Guarded {
	readonly options: Asked;
	readonly access: Access;
}

function openReal(database: OpenDatabase): Guarded {
	const { db } = database;
	const trust = proxyTrust([], null);
	const access = new Access({
		findSession: (hash, now) => findSession(db, hash, now),
		findScreen: (hash) => findScreen(db, hash),
		endSession: async () => undefined,
		touchSession: async () => undefined,
		policy: { idleMs: 900_000, dutyIdleMs: 900_000, sessionMs: 43_200_000, passwordMaxAgeMs: 0 },
		places: livePlaces(world.state),
		clientOf: (asking) => clientOf(asking, trust),
		redis: { publish: async () => 0 },
		now: Date.now,
		onError: (error) => process.emitWarning(error)
	});
	return { access, options: { ...testAccess().options, access } };
}

const world = worldOf(
	Array.from({ length: STATIONS }, (_, slot) => station(slot)),
	Date.now()
);
const district = must(must(world.state.sites[0], 'a site').district, 'its district');

interface Live {
	readonly url: string;
	close(): Promise<void>;
}

async function openLive(asked: Asked): Promise<Live> {
	const http = createServer();
	const live = new LiveServer({ http, build: 'bench', epoch: 'bench', now: Date.now, origin: null, ...asked });
	live.attach(
		new Board({
			state: world.state,
			shards: [world.shard],
			sourcePeriods: () => new Map(),
			epoch: 'bench',
			isDemo: () => false,
			deliver: (topic, message) => live.deliver(topic, message)
		})
	);
	http.listen(0, '127.0.0.1');
	await once(http, 'listening');
	return {
		url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
		async close() {
			await live.close();
			http.closeAllConnections();
			http.close();
		}
	};
}

/** ms from the opening of the line to the answer of the join. */
async function joins(asked: Asked, headersOf: (n: number) => object): Promise<{ ms: number[] }> {
	const live = await openLive(asked);
	const ms: number[] = [];
	for (let n = 0; n < SOCKETS; n++) {
		const started = performance.now();
		const socket = await connect(live.url, headersOf(n));
		ms.push(performance.now() - started);
		socket.disconnect();
	}
	await live.close();
	return { ms };
}

async function silence({ db }: OpenDatabase, { access, options }: Guarded, seats: readonly Seat[]): Promise<number> {
	const live = await openLive(options);
	const sockets: Socket[] = [];
	for (let n = 0; n < SOCKETS; n++)
		sockets.push(await connect(live.url, must(seats[n % seats.length], 'a seat').headers));
	const silent = sockets.map((socket) => new Promise<void>((resolve) => socket.once('disconnect', () => resolve())));
	const started = performance.now();
	for (const { personId } of seats) {
		await endSessionsOf(db, personId, 'revoked', Date.now());
		await access.changed({ kind: 'person', id: personId });
	}
	await Promise.all(silent);
	const took = performance.now() - started;
	await live.close();
	return took;
}

async function connect(url: string, extraHeaders: object): Promise<Socket> {
	const options = { path: '/live', transports: ['websocket'], forceNew: true, reconnection: false };
	const socket = io(url, { ...options, extraHeaders: { ...extraHeaders } });
	await new Promise<void>((resolve, reject) => {
		socket.once('hello', () => resolve());
		socket.once('connect_error', reject);
	});
	const answer = (await socket.timeout(10_000).emitWithAck('join', `district:${district}`, null)) as { ok: boolean };
	if (!answer.ok) throw new Error('a join was refused');
	return socket;
}
