/** Doors that were there before there were people: what they give to whom, inside a scope and outside of it. */
import { inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { areas, sites } from '#db/schema.ts';
import type { Role } from '#domain/role.ts';
import { formatScope, parseScope, type Places } from '#domain/scope.ts';
import type { AuditEntry } from '#server/access/audit.ts';
import type { PersonCaller } from '#server/access/caller.ts';
import { judge } from '#server/access/rule.ts';
import { sendProblem, type Door, type Routes } from '#server/http/route.ts';
import { openImports, type Imports } from '#server/imports/open-imports.ts';
import { EventDoor } from '#server/ingest/event-door.ts';
import type { PlaceList } from '#server/places/list.ts';
import type { RegistryProblem } from '#server/places/problems.ts';
import { placesRoutes } from '#server/places/routes.ts';
import { refusedRoutes, type RefusedList } from '#server/refused/routes.ts';
import { bumpRegistryRevision } from '#server/store/query.ts';
import { openRedis, type Redis } from '#server/stream/redis-link.ts';
import { RejectedLog } from '#server/stream/rejected.ts';
import { testDatabases } from '#test/support/databases.ts';
import { EVERYTHING, openDoors } from '#test/support/doors.ts';
import { startTestRedis, type TestRedis } from '#test/support/redis.ts';
import { visit } from '#test/support/stations.ts';
import { tempDir } from '#test/support/temp-dir.ts';

const NOW = Date.parse('2026-05-22T04:00:00Z');
const HOME: readonly [code: string, district: string, street: string | null][] = [
	['A1', 'd1', 's1'],
	['A2', 'd1', 's2'],
	['B1', 'd2', 's3'],
	['B2', 'd2', null]
];
const STREETS: Readonly<Record<string, string>> = { s1: 'd1', s2: 'd1', s3: 'd2' };
const PLACES: Places = {
	districtOfStreet: (code) => STREETS[code] ?? null,
	site(code) {
		const home = HOME.find(([own]) => own === code);
		return home ? { code, district: home[1], street: home[2] } : null;
	}
};

let people = 0;
function person(role: Role, scope: string, more: Partial<PersonCaller> = {}): PersonCaller {
	const id = `p-${people++}`;
	const grants = [{ column: role, scope: parseScope(scope)!, lines: null }];
	return { ...EVERYTHING, id, userName: `${role}-${people}`, roles: [role], grants, ...more };
}

/** The doors with their rules in front, as the server hangs them. */
function ruled(routes: Routes): Routes {
	return new Map(
		[...routes].map(([name, door]): [string, Door] => [
			name,
			{
				...door,
				answer(request, response, url, caller) {
					const verdict = judge(door.rule, caller, url.searchParams.get('scope'), PLACES);
					if (verdict.isAllowed) return door.answer(request, response, url, caller);
					return sendProblem(response, verdict.status, verdict.code, verdict.message);
				}
			}
		])
	);
}

interface Answer {
	readonly status: number;
	readonly text: string;
	readonly body: Record<string, unknown>;
	readonly headers: Headers;
}

describe.each(testDatabases().slice(0, 1))('scopes on $name', ({ open }) => {
	const dir = tempDir('scope');
	let database: OpenDatabase;
	let server: TestRedis;
	let redis: Redis;
	let rejected: RejectedLog;
	let imports: Imports;
	let routes: Routes;
	let nowMs = NOW;
	let audited: AuditEntry[] = [];

	beforeAll(async () => {
		database = await open();
		server = await startTestRedis();
		redis = await openRedis({ socketPath: server.socketPath }, () => undefined);
		rejected = new RejectedLog(redis);
		const { db } = database;
		const audit = {
			record: async (entry: AuditEntry) => void audited.push(entry),
			recordIn: async (_: unknown, entry: AuditEntry) => void audited.push(entry),
			refused: (entry: Omit<AuditEntry, 'result'>) => void audited.push({ ...entry, result: 'refused' })
		};
		const now = (): number => nowMs;
		imports = await openImports({
			...{ db, dataDir: dir.path, now, audit, places: PLACES },
			onRegistryChanged: async () => undefined,
			hasLived: () => false
		});
		const door = new EventDoor({
			...{ redis, rejected, now, accountOfKey: async () => null, onKeyUsed: async () => undefined },
			...{ audit, addressOf: () => '127.0.0.1', eventsPerSecond: 50_000, places: PLACES },
			shardOf: (site) => (PLACES.site(site) ? 0 : null),
			onError: (error) => expect(error).toBeNull()
		});
		routes = ruled(
			new Map([
				...placesRoutes({ db, audit, places: PLACES, now }),
				...refusedRoutes({ redis, door, now, places: PLACES, audit }),
				...imports.routes
			])
		);
	});
	afterAll(async () => {
		await imports.close();
		redis.destroy();
		await server.stop();
		await database.close();
		dir.remove();
	});
	beforeEach(async () => {
		audited = [];
		nowMs += 20 * 60_000;
		const { db } = database;
		await redis.flushAll();
		await db.execute(sql`truncate import_changes, imports, sites, areas, settings restart identity cascade`);
		await db.insert(areas).values({ code: 'c', name: '全市', level: 'city' });
		for (const code of ['d1', 'd2'])
			await db.insert(areas).values({ code, name: code, level: 'district', parentCode: 'c' });
		for (const [code, parentCode] of Object.entries(STREETS))
			await db.insert(areas).values({ code, name: code, level: 'street', parentCode });
		await db.insert(sites).values(
			HOME.map(([code, districtCode, streetCode]) => ({
				...{ code, districtCode, streetCode, name: `站${code}`, kind: 'service_station' as const },
				...{ phone: `0510-8320000${code === 'A1' ? 1 : 2}`, keeperRole: '办公室' }
			}))
		);
	});

	/** Asks as somebody; a text or bytes as they are, anything else as JSON. */
	async function as(caller: PersonCaller, target: string, sent?: unknown): Promise<Answer> {
		const [method, path] = target.split(' ') as [string, string];
		const doors = await openDoors(routes, caller);
		const body = sent === undefined ? null : typeof sent === 'string' ? sent : JSON.stringify(sent);
		const response = await fetch(`${doors.url}${path}`, { method, body });
		const text = await response.text();
		await doors.close();
		const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
		return { status: response.status, text, body: isJson ? JSON.parse(text) : {}, headers: response.headers };
	}
	const actions = (): string[] => audited.map(({ action, object, result }) => `${action} ${object} ${result}`);

	describe('[PE22] the contact of a station', () => {
		const CONTACT = 'GET /api/stations/contact?code=A1';

		test('is given to who may read it there, and every look is recorded, one a minute', async () => {
			for (const caller of [
				person('department_head', 'city'),
				person('district_admin', 'district:d1'),
				person('street_admin', 'street:s1'),
				person('keeper', 'station:A1'),
				person('duty_officer', 'city')
			]) {
				audited = [];
				const { status, body } = await as(caller, CONTACT);
				expect([status, body]).toEqual([200, { code: 'A1', phone: '0510-83200001', keeperRole: '办公室' }]);
				await as(caller, CONTACT);
				expect(audited).toMatchObject([
					{ action: 'contact.viewed', object: 'station:A1', scope: 'station:A1', actor: { name: caller.userName } }
				]);
				nowMs += 60_000;
				await as(caller, CONTACT);
				expect(audited).toHaveLength(2);
			}
		});

		test('is refused elsewhere, also for stations that nobody knows, and for who may only read stations', async () => {
			for (const [role, scope] of [
				['district_admin', 'district:d2'],
				['street_admin', 'street:s2'],
				['keeper', 'station:B1']
			] as const) {
				audited = [];
				const caller = person(role, scope);
				for (const code of ['A1', 'nowhere', 'a1', 'A1%20', '%41%31'])
					expect(await as(caller, `GET /api/stations/contact?code=${code}`)).toMatchObject({
						status: 403,
						body: { code: 'out_of_scope' }
					});
				expect(new Set(audited.map(({ action, result }) => `${action} ${result}`))).toEqual(
					new Set(['door.refused refused'])
				);
			}
			for (const role of ['leader', 'auditor', 'system_admin', 'security_admin', 'legal_officer'] as const)
				expect((await as(person(role, 'city'), CONTACT)).body['code']).toBe('no_right');
			const head = person('department_head', 'city');
			expect((await as(head, 'GET /api/stations/contact?code=nowhere')).status).toBe(404);
			expect((await as(head, 'GET /api/stations/contact?code=A1&code=B1')).status).toBe(400);
			expect((await as(head, 'GET /api/stations/contact')).status).toBe(400);
		});

		test('is not in the registry, for nobody', async () => {
			const { text } = await as(person('department_head', 'city'), 'GET /api/registry');
			expect(text).toContain('A1');
			expect(text).not.toMatch(/phone|keeper|8320000/u);
		});
	});

	test('[PE22] a code that no registry can hold is refused as one that nobody knows', async () => {
		for (const code of ['A1%00', '%00', 'A%0a1', '%ed%a0%80']) {
			const path = `GET /api/stations/contact?code=${code}`;
			expect([code, (await as(person('department_head', 'city'), path)).status]).toEqual([code, 404]);
			expect((await as(person('keeper', 'station:A1'), path)).body['code']).toBe('out_of_scope');
		}
	});

	describe('[PE26] the names of places', () => {
		const named = async (caller: PersonCaller) => {
			const { status, body } = await as(caller, 'GET /api/places');
			const { areas: some, stations } = body as unknown as PlaceList;
			return [status, some.map(({ code }) => code).toSorted(), stations.map(({ code }) => code)];
		};

		test('are given within the scopes in which somebody may propose, and to nobody else', async () => {
			const all = ['d1', 'd2', 's1', 's2', 's3'];
			const [status, areaCodes, stations] = await named(person('system_admin', 'city'));
			expect([status, stations]).toEqual([200, ['A1', 'A2', 'B1', 'B2']]);
			expect(areaCodes).toEqual(expect.arrayContaining(all));
			expect(await named(person('district_admin', 'district:d1'))).toEqual([200, ['d1', 's1', 's2'], ['A1', 'A2']]);
			const grants = ['street:s1', 'district:d2'].map(
				(scope) => ({ column: 'district_admin', scope: parseScope(scope)!, lines: null }) as const
			);
			expect(await named(person('district_admin', 'street:s1', { grants }))).toEqual([
				...[200, ['d2', 's1', 's3'], ['A1', 'B1', 'B2']]
			]);
			for (const role of ['keeper', 'leader', 'auditor', 'security_admin', 'department_head'] as const)
				expect((await as(person(role, 'city'), 'GET /api/places')).body['code']).toBe('no_right');
		});

		test('are names and where they lie, nothing else; a scope in the query widens nothing', async () => {
			const caller = person('district_admin', 'district:d1');
			const { body, text, headers } = await as(caller, 'GET /api/places?scope=city');
			expect((body as unknown as PlaceList).stations[0]).toEqual({
				...{ code: 'A1', name: '站A1', district: 'd1', street: 's1' }
			});
			expect(text).not.toMatch(/B1|phone|8320000/u);
			expect(headers.get('etag')).toMatch(/^W\/"r\d+-/u);
		});
	});

	test('[PE27] problems of the registry name no site outside of the scope, and say how many there are', async () => {
		// Another entry of B1 in the neighbouring district, and one of a third station at the same place.
		const twin = { name: '站X', kind: 'service_station', lng: 120.3, lat: 31.5, lifecycle: 'open' } as const;
		const codes = ['X1', 'X2', 'X3'];
		await database.db.insert(sites).values([
			{ ...twin, code: 'X1', districtCode: 'd1', streetCode: 's1' },
			{ ...twin, code: 'X2', districtCode: 'd1', streetCode: 's2' },
			{ ...twin, code: 'X3', districtCode: 'd2', streetCode: 's3' }
		]);
		await database.db.transaction((tx) => bumpRegistryRevision(tx));
		const found = async (scope: string) => {
			const { text } = await as(person('department_head', 'city'), `GET /api/registry/problems?scope=${scope}`);
			const problems = JSON.parse(text) as RegistryProblem[];
			const doubles = problems.filter(({ kind, code }) => kind === 'duplicate' && code === 'X1');
			return [doubles.map(({ others, elsewhere }) => [others, elsewhere]), codes.filter((code) => text.includes(code))];
		};
		expect(await found('city')).toEqual([[[['X2', 'X3'], 0]], codes]);
		expect(await found('district:d1')).toEqual([[[['X2'], 1]], ['X1', 'X2']]);
		expect(await found('station:X1')).toEqual([[[[], 2]], ['X1']]);
		await database.db.delete(sites).where(inArray(sites.code, codes));
		await database.db.transaction((tx) => bumpRegistryRevision(tx));
	});

	describe('[PE23] an export', () => {
		test('carries who, when and where on every row, in its name and in the audit, and comes back without a change', async () => {
			const caller = person('district_admin', 'district:d1');
			const mark = `${caller.userName} ${new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00 district:d1`;
			for (const format of ['csv', 'geojson']) {
				audited = [];
				const { status, text, headers } = await as(
					caller,
					`GET /api/registry/export?format=${format}&scope=district:d1`
				);
				expect(status).toBe(200);
				expect(text).not.toContain('B1');
				if (format === 'csv') expect(text.split(mark)).toHaveLength(3);
				else
					expect((JSON.parse(text) as { exportMark: object }).exportMark).toMatchObject({
						user: caller.userName,
						scope: 'district:d1'
					});
				const name = decodeURIComponent(headers.get('content-disposition') ?? '');
				expect(name).toContain(`district-d1-${caller.userName}-2026-05-22.${format}`);
				expect(audited).toMatchObject([
					{ action: 'export.made', scope: 'district:d1', detail: { format, rows: 2, hasContact: true } }
				]);
				const plan = await previewed(caller, text, `back.${format}`);
				expect(plan.body).toMatchObject({ added: 0, changed: 0, unchanged: 2, errors: 0 });
			}
		});

		test('has no phones for who may not read them', async () => {
			const both = person('legal_officer', 'city', {
				grants: [
					{ column: 'legal_officer', scope: { level: 'city' }, lines: null },
					{ column: 'auditor', scope: { level: 'city' }, lines: null }
				]
			});
			for (const format of ['csv', 'geojson']) {
				const { status, text } = await as(both, `GET /api/registry/export?format=${format}`);
				expect(status).toBe(200);
				expect(text).not.toMatch(/8320000|电话|phone|keeper/u);
			}
		});

		test('is refused with a widened filter, and to who may see sums alone or no stations', async () => {
			const district = person('district_admin', 'district:d1');
			for (const scope of [
				'',
				'?scope=city',
				'?scope=district:d2',
				'?scope=street:s3',
				'?scope=station:B1',
				'?scope=DISTRICT:d1',
				'?scope=district:D1'
			])
				expect([scope, (await as(district, `GET /api/registry/export${scope}`)).status]).toEqual([scope, 403]);
			expect((await as(person('leader', 'city'), 'GET /api/registry/export')).body['code']).toBe('no_right');
			audited = [];
			expect((await as(person('legal_officer', 'city'), 'GET /api/registry/export')).body['code']).toBe('no_stations');
			expect(actions()).toEqual(['door.refused GET /api/registry/export refused']);
		});
	});

	/** A file read and planned by somebody. */
	async function previewed(caller: PersonCaller, file: string, name = 'list.csv'): Promise<Answer> {
		const uploaded = await as(caller, `POST /api/imports?name=${name}`, file);
		const id = String(uploaded.body['id']);
		let view = uploaded;
		while (view.body['state'] === 'reading') view = await as(caller, `GET /api/imports/session?id=${id}`);
		const mapping = (view.body['columns'] as { guess: string | null }[]).map(({ guess }) => guess);
		return as(caller, 'POST /api/imports/preview', { id, mapping, datum: 'wgs84' });
	}
	async function applied(caller: PersonCaller, lines: readonly string[]): Promise<number> {
		const { body } = await previewed(caller, ['code,name,district_code,street_code,note', ...lines].join('\n'));
		const answer = await as(caller, 'POST /api/imports/apply', {
			id: body['id'],
			previewRevision: body['previewRevision']
		});
		await as(caller, 'POST /api/imports/discard', { id: body['id'] });
		return Number(answer.body['importId']);
	}
	const noteOf = async (code: string): Promise<unknown> =>
		(await database.db.query.sites.findFirst({ where: (site, { eq }) => eq(site.code, code) }))?.note;

	describe('[PE24] an import', () => {
		test('takes the rows of the scope; others are errors with their line, whether they come, go or stay', async () => {
			const caller = person('district_admin', 'district:d1');
			const file = [
				'code,name,district_code,street_code,note',
				'A1,站A1,d1,s1,mine',
				'B1,站B1,d2,s3,foreign',
				'B2,站B2,d1,,taken in',
				'A2,站A2,d2,s3,given away',
				'N1,新站,d1,s2,new',
				'N2,新站二,d2,,new elsewhere',
				'N3,新站三,,,nowhere',
				'N4,新站四,d1,s3,of two districts',
				'N5,新站五,新区,新街,new district',
				'B2,站B2,d2,,seen'
			].join('\n');
			const { body } = await previewed(caller, file);
			expect(body).toMatchObject({ added: 1, changed: 1, newAreas: [] });
			const errors = await as(caller, `GET /api/imports/rows?kind=errors&id=${body['id']}`);
			const lines = (errors.body['items'] as { line: number; code: string }[]).filter(
				({ code }) => code === 'outside_scope'
			);
			expect(lines.map(({ line }) => line)).toEqual([3, 4, 5, 7, 8, 9, 10]);
			expect(audited).toMatchObject([
				{ action: 'import.refused', result: 'refused', detail: { code: 'outside_scope', rows: 7 } }
			]);
			for (const kind of ['added', 'changed', 'unchanged'])
				expect((await as(caller, `GET /api/imports/rows?kind=${kind}&id=${body['id']}`)).text).not.toMatch(/B1|B2/u);
			await as(caller, 'POST /api/imports/apply', { id: body['id'], previewRevision: body['previewRevision'] });
			expect([await noteOf('A1'), await noteOf('A2'), await noteOf('B1'), await noteOf('B2')]).toEqual([
				'mine',
				null,
				null,
				null
			]);
			expect(actions().at(-1)).toBe('import.applied import:1 ok');
			await as(caller, 'POST /api/imports/discard', { id: body['id'] });
		});

		test('of a keeper says what is at their station, not whether it is there or where', async () => {
			const keeper = person('keeper', 'station:A1');
			const { body } = await previewed(
				keeper,
				['code,name,district_code,street_code,note', 'A1,站A1,,,mine', 'N1,新站,d1,s1,new'].join('\n')
			);
			expect(body).toMatchObject({ added: 0, changed: 1, errorsByCode: { outside_scope: 1 } });
			const moved = await previewed(keeper, ['code,name,district_code,street_code', 'A1,站A1,d2,s3'].join('\n'));
			expect(moved.body).toMatchObject({ added: 0, changed: 0, errorsByCode: { outside_scope: 1 } });
			for (const { body: one } of [{ body }, moved]) await as(keeper, 'POST /api/imports/discard', { id: one['id'] });
		});

		test('is undone by who may write all of its sites, and by nobody else', async () => {
			const head = person('district_admin', 'city');
			const [first, second] = [person('district_admin', 'district:d1'), person('district_admin', 'district:d2')];
			const both = await applied(head, ['A1,站A1,,,by the city', 'B1,站B1,,,by the city']);
			const one = await applied(head, ['A2,站A2,,,by the city']);
			audited = [];
			for (const caller of [first, second]) {
				const refused = await as(caller, 'POST /api/imports/undo', { importId: both });
				expect([refused.status, refused.body['code']]).toEqual([403, 'outside_scope']);
			}
			expect(actions()).toEqual(Array.from({ length: 2 }, () => `import.refused import:${both} refused`));
			expect(await noteOf('A1')).toBe('by the city');
			expect((await as(second, 'POST /api/imports/undo', { importId: one })).status).toBe(403);
			expect((await as(first, 'POST /api/imports/undo', { importId: one })).status).toBe(200);
			expect(actions().at(-1)).toBe(`import.undone import:${one} ok`);
			expect(await noteOf('A2')).toBeNull();
			expect((await as(head, 'POST /api/imports/undo', { importId: both })).status).toBe(200);
		});

		test('is listed to whom it concerns, with who brought it', async () => {
			const head = person('district_admin', 'city');
			const [first, second] = [person('district_admin', 'district:d1'), person('street_admin', 'street:s3')];
			const both = await applied(head, ['A1,站A1,,,x', 'B1,站B1,,,x']);
			const own = await applied(first, ['A2,站A2,,,x']);
			const seen = async (caller: PersonCaller) =>
				(
					(await as(caller, 'GET /api/imports')).body['imports'] as { id: number; who: string; isUndoable: boolean }[]
				).map(({ id, who, isUndoable }) => [id, who, isUndoable]);
			expect(await seen(head)).toEqual([
				[own, first.userName, true],
				[both, head.userName, true]
			]);
			expect(await seen(first)).toEqual([
				[own, first.userName, true],
				[both, head.userName, false]
			]);
			expect(await seen(second)).toEqual([[both, head.userName, false]]);
			expect(await seen(person('keeper', 'station:B2'))).toEqual([]);
		});

		test('belongs to who opened it: for others it is not there', async () => {
			const owner = person('district_admin', 'district:d1');
			const other = person('district_admin', 'city');
			const { body } = await previewed(owner, 'code,name\nA1,站A1\n');
			const { id, previewRevision } = body;
			const tries: [string, unknown?][] = [
				[`GET /api/imports/session?id=${id}`],
				[`GET /api/imports/rows?kind=errors&id=${id}`],
				[`GET /api/imports/errors?id=${id}`],
				['POST /api/imports/preview', { id, mapping: ['code', 'name'], datum: null }],
				['POST /api/imports/placement', { id, mapping: ['code', 'name'] }],
				['POST /api/imports/sheet', { id, sheet: 'x' }],
				['POST /api/imports/apply', { id, previewRevision }],
				['POST /api/imports/discard', { id }]
			];
			for (const [target, sent] of tries) {
				const answer = await as(other, target, sent);
				expect([target, answer.status, answer.body['code']]).toEqual([target, 404, 'unknown_session']);
			}
			expect((await as(owner, 'POST /api/imports/discard', { id })).status).toBe(200);
		});

		test('planned for other grants than one has now is to be looked at again', async () => {
			const wide = person('district_admin', 'city');
			const { body } = await previewed(wide, 'code,name,note\nB1,站B1,x\n');
			const narrowed = { ...wide, grants: person('district_admin', 'district:d1').grants };
			const sent = { id: body['id'], previewRevision: body['previewRevision'] };
			expect((await as(narrowed, 'POST /api/imports/apply', sent)).body['code']).toBe('preview_outdated');
			expect(await noteOf('B1')).toBeNull();
			await as(wide, 'POST /api/imports/discard', { id: body['id'] });
		});
	});

	describe('[PE25] refused events', () => {
		const refuse = (payload: string) =>
			rejected.add([{ refusal: { code: 'late_time', message: 'Too late.' }, payload, door: 'http' }]);
		beforeEach(async () => {
			for (const code of ['A1', 'B1', 'nobody']) await refuse(JSON.stringify(visit(code, NOW)));
			await refuse('no event at all: B1');
		});
		const seen = async (caller: PersonCaller, query = '') => {
			const { body } = await as(caller, `GET /api/refused?${query}`);
			const { total, entries } = body as unknown as RefusedList;
			return { total, payloads: entries.map(({ payload }) => payload?.slice(0, 2) ?? null) };
		};

		test('are listed to who answers for their station; those of nobody to the city', async () => {
			expect(await seen(person('district_admin', 'district:d1'))).toEqual({ total: null, payloads: [null] });
			expect(await seen(person('duty_chief', 'district:d2'))).toEqual({ total: null, payloads: [null] });
			expect(await seen(person('auditor', 'city'))).toEqual({ total: 4, payloads: [null, null, null, null] });
			expect(actions()).toEqual([]);
			expect((await as(person('leader', 'city'), 'GET /api/refused')).status).toBe(403);
		});

		test('show what came to who may mend it, which is recorded, and are searched only there', async () => {
			const head = person('department_head', 'city');
			expect(await seen(head)).toEqual({ total: 4, payloads: [expect.any(String), '{"', '{"', '{"'] });
			await seen(head);
			expect(actions()).toEqual(['refused.viewed GET /api/refused ok']);
			const part = person('department_head', 'district:d1');
			expect(await seen(part)).toEqual({ total: null, payloads: ['{"'] });
			expect((await seen(part, 'q=B1')).payloads).toEqual([]);
			expect((await seen(person('auditor', 'city'), 'q=B1')).payloads).toEqual([]);
			expect((await seen(person('auditor', 'city'), 'q=late')).payloads).toHaveLength(4);
			const mixed = person('department_head', 'district:d1', {
				grants: [...part.grants, { column: 'auditor', scope: { level: 'city' }, lines: null }]
			});
			expect((await seen(mixed)).payloads).toEqual([null, null, null, '{"']);
		});

		test('are sent again for stations of the scope alone, before and after mending', async () => {
			const { body } = await as(person('department_head', 'city'), 'GET /api/refused');
			const entries = (body as unknown as RefusedList).entries;
			const idOf = (code: string): string =>
				entries.find(({ payload }) => payload?.includes(`"subject":"${code}"`))?.id ?? '';
			const caller = person('department_head', 'district:d1');
			audited = [];
			const resend = (id: string, code: string) =>
				as(caller, 'POST /api/refused/resend', { id, event: visit(code, nowMs) });
			for (const [from, to] of [
				['B1', 'B1'],
				['B1', 'A1'],
				['A1', 'B1'],
				['nobody', 'A1'],
				['A1', 'nobody']
			] as const)
				expect([from, to, (await resend(idOf(from), to)).body['code']]).toEqual([from, to, 'out_of_scope']);
			expect(new Set(actions())).toEqual(new Set(['door.refused POST /api/refused/resend refused']));
			expect((await resend(idOf('A1'), 'A2')).status).toBe(202);
			expect(audited.at(-1)).toMatchObject({
				action: 'event.resent',
				scope: 'station:A2',
				object: `refused:${idOf('A1')}`
			});
		});
	});

	test('every way of asking for another scope meets the rule or nothing', async () => {
		const caller = person('district_admin', 'district:d1');
		for (const [, door] of routes) expect(door.rule.who).toBe('able');
		for (const path of ['/api/registry', '/api/registry/problems']) {
			for (const scope of [
				'city',
				'district:d2',
				'street:s3',
				'station:B1',
				'station:nobody',
				'planet',
				'district:',
				' district:d1'
			])
				expect([path, scope, (await as(caller, `GET ${path}?${new URLSearchParams({ scope })}`)).status]).toEqual([
					path,
					scope,
					403
				]);
			expect((await as(caller, `GET ${path}`)).status).toBe(403);
			expect((await as(caller, `GET ${path}?scope=${formatScope({ level: 'street', code: 's1' })}`)).status).toBe(200);
			expect((await as(caller, `GET ${path}?Scope=city&scope=district:d1`)).text).not.toContain('B1');
			expect((await as(caller, `GET ${path}?scope=district:d1&scope=district:d2`)).text).not.toContain('B1');
			expect((await as(caller, `GET ${path}?%73cope=district:d2`)).status).toBe(403);
		}
	});
});
