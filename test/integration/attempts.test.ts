/** What somebody may try by hand: each is refused, and each is in the audit, with who, from where and why. */
import { eq } from 'drizzle-orm';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit, screens, sourceAccounts } from '#db/schema.ts';
import { createSourceKey } from '#server/store/source-store.ts';
import { pairScreen, takeSeat, type Seat } from '#test/support/seats.ts';
import { startWhole, type Whole } from '#test/support/whole.ts';

const OWN = 'district:320206';
const OTHER = 'district:320214';

let whole: Whole;
let url: string;
let district: Seat;
beforeAll(async () => {
	whole = await startWhole();
	url = whole.runtime.url;
	district = await takeSeat(whole.database.db, ['district_admin'], OWN, { userName: 'hui.shan' });
});
afterAll(() => whole?.stop());

/** Waits for a record of an action: refusals are written behind the answer. */
async function expectRecorded(action: string, record: object): Promise<void> {
	const records = () => whole.database.db.select().from(audit).where(eq(audit.action, action));
	await expect
		.poll(records, { timeout: 10_000 })
		.toContainEqual(expect.objectContaining({ result: 'refused', address: '127.0.0.1', ...record }));
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
	fetch(`${url}${path}`, { headers, redirect: 'manual' });

function connect(headers: Record<string, string>, auth: object = {}): Promise<Socket | Error> {
	const socket = io(url, {
		...{ path: '/live', transports: ['websocket'], forceNew: true, reconnection: false },
		...{ extraHeaders: headers, auth }
	});
	return new Promise((resolve) => {
		socket.once('hello', () => resolve(socket));
		socket.once('connect_error', (error) => {
			socket.disconnect();
			resolve(error);
		});
	});
}

test('the topic of another district', async () => {
	const socket = (await connect(district.headers)) as Socket;
	const answer = (await socket.timeout(10_000).emitWithAck('join', OTHER, null)) as object;
	socket.disconnect();
	expect(answer).toMatchObject({ ok: false, code: 'out_of_scope' });
	await expectRecorded('join.refused', {
		...{ actorName: 'hui.shan', object: `topic:${OTHER}` },
		detail: '{"code":"out_of_scope"}'
	});
});

test('the code of another district in the address of a page', async () => {
	const response = await get(`/districts/320214`, { ...district.headers, accept: 'text/html' });
	expect(response.status).toBe(403);
	expect(await response.text()).toContain('这个页面不在您的管辖范围内');
	await expectRecorded('page.refused', {
		...{ actorName: 'hui.shan', object: 'page /districts/320214', detail: '{"code":"out_of_scope"}' }
	});
	// The data that a page asks for while one goes around inside it, too.
	const data = await get('/districts/320214/__data.json', district.headers);
	expect(await data.text()).not.toContain('"code","320214"');
	expect(data.status).toBe(403);
});

test('an export with a filter made wider', async () => {
	for (const query of ['', '?scope=city', `?scope=${OTHER}`]) {
		const response = await get(`/api/registry/export${query}`, district.headers);
		expect([query, response.status]).toEqual([query, 403]);
	}
	await expectRecorded('door.refused', {
		...{ actorName: 'hui.shan', object: 'GET /api/registry/export', detail: '{"code":"out_of_scope"}' }
	});
	expect((await get(`/api/registry/export?format=csv&scope=${OWN}`, district.headers)).status).toBe(200);
});

test('the token of a screen that has expired', async () => {
	const { id, token } = await pairScreen(whole.database.db, 'city');
	const headers = { authorization: `Bearer ${token}` };
	expect((await get('/api/state', headers)).status).toBe(200);
	await whole.database.db
		.update(screens)
		.set({ expiresAt: new Date(Date.now() - 1000) })
		.where(eq(screens.id, id));
	await expect.poll(async () => (await get('/api/state', headers)).status, { timeout: 10_000 }).toBe(401);
	expect(await connect({}, { token })).toMatchObject({ message: 'sign_in_needed' });
	await expectRecorded('connection.refused', { detail: '{"code":"sign_in_needed"}' });
});

test('the cookie of a session that was signed out', async () => {
	const seat = await takeSeat(whole.database.db, ['department_head'], 'city');
	expect((await get('/api/state', seat.headers)).status).toBe(200);
	const left = await fetch(`${url}/api/session/end`, { method: 'POST', headers: { ...seat.headers, origin: url } });
	expect(left.status).toBe(200);
	const replayed = await get('/api/registry', seat.headers);
	expect([replayed.status, await replayed.json()]).toMatchObject([401, { code: 'sign_in_needed' }]);
	expect((await get('/map', seat.headers)).headers.get('location')).toMatch(/^\/sign-in\?/u);
	await expectRecorded('door.refused', {
		...{ actorName: null, object: 'GET /api/registry', detail: '{"code":"sign_in_needed"}' }
	});
	await expectRecorded('page.refused', { object: 'page /map', detail: '{"code":"sign_in"}' });
});

test('a forged Origin, at a door that changes something and at the socket', async () => {
	const foreign = { ...district.headers, origin: 'https://evil.example', 'content-type': 'application/json' };
	const response = await fetch(`${url}/api/profile/password`, { method: 'POST', headers: foreign, body: '{}' });
	expect([response.status, await response.json()]).toMatchObject([403, { code: 'origin_not_allowed' }]);
	await expectRecorded('door.refused', {
		...{ actorName: 'hui.shan', object: 'POST /api/profile/password', detail: '{"code":"origin_not_allowed"}' }
	});
	expect(await connect(foreign)).toBeInstanceOf(Error);
	const detail = expect.stringContaining('https://evil.example') as string;
	await expectRecorded('connection.refused', { object: 'socket', detail });
});

test('a source that writes for a station it was not given', async () => {
	const { db, pool } = whole.database;
	const key = await createSourceKey(db, 'gateway-hui-shan');
	await db.update(sourceAccounts).set({ scope: OWN }).where(eq(sourceAccounts.name, 'gateway-hui-shan'));
	const { rows } = await pool.query<{ code: string }>("select code from sites where district_code = '320214' limit 1");
	const event = {
		...{ specversion: '1.0', id: 'e-1', source: 'gateway', type: 'station.visited', subject: rows[0]!.code },
		...{ time: new Date().toISOString(), data: { method: 'qr' } }
	};
	const response = await fetch(`${url}/api/events`, {
		method: 'POST',
		headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' },
		body: JSON.stringify(event)
	});
	expect([response.status, await response.json()]).toMatchObject([400, { code: 'station_not_granted' }]);
	await expectRecorded('event.refused', { object: 'source:gateway-hui-shan' });
});
