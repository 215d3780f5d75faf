import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { siteBuckets, sites } from '#db/schema.ts';
import { openImports, type Imports } from '#server/imports/open-imports.ts';
import { MAX_FILE_BYTES } from '#server/registry/limits.ts';
import { loadAreas, loadRegisteredSites, registryRevision } from '#server/store/registry-store.ts';
import { testDatabases } from '#test/support/databases.ts';
import { NO_PLACES } from '#test/support/access.ts';
import { EVERYTHING } from '#test/support/doors.ts';
import { tempDir } from '#test/support/temp-dir.ts';

const LIST = [
	'编号,名称,类型,区县,街道,经度,纬度,开放时间,电话',
	'A1,钱桥驿站,工会驿站,惠山区,钱桥街道,120.2345,31.6789,08:30-17:30,0510-83200000',
	'A2,张泾驿站,工会驿站,锡山区,锡北镇,120.4345,31.7789,24小时,',
	'A3,人民医院,母婴室,惠山区,钱桥街道,120.2445,31.6889,工作日开放,13800138000'
];

interface Answer {
	readonly status: number;
	readonly body: Record<string, never> & { [key: string]: unknown };
	readonly text: string;
	readonly headers: Headers;
}

describe.each(testDatabases())('the import desk on $name', ({ open }) => {
	const dir = tempDir('imports');
	let database: OpenDatabase;
	let imports: Imports;
	let http: Server;
	let base = '';
	let refreshed = 0;
	let audited: string[] = [];
	let lived = new Set<number>();
	let nowMs = Date.UTC(2026, 4, 22, 4);
	let caller = EVERYTHING;

	beforeAll(async () => {
		database = await open();
		const { db } = database;
		imports = await openImports({
			db,
			dataDir: dir.path,
			now: () => nowMs,
			places: NO_PLACES,
			audit: {
				record: async (entry) => void audited.push(entry.action),
				recordIn: async (_, entry) => void audited.push(entry.action),
				refused: () => undefined
			},
			onRegistryChanged: async () => void refreshed++,
			hasLived: (slot) => lived.has(slot)
		});
		http = createServer((request, response) => {
			const url = new URL(request.url ?? '/', 'http://localhost');
			const door = imports.routes.get(`${request.method} ${url.pathname}`);
			if (!door) return void response.writeHead(404).end();
			Promise.resolve(door.answer(request, response, url, caller)).catch((error: Error) => {
				response.writeHead(500).end(JSON.stringify({ code: 'internal', message: error.message }));
			});
		});
		await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
		base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		http.closeAllConnections();
		http.close();
		await imports.close();
		await database.close();
		dir.remove();
	});
	beforeEach(async () => {
		refreshed = 0;
		audited = [];
		lived = new Set();
		caller = EVERYTHING;
		nowMs += 16 * 60_000;
		await database.db.execute(
			sql`truncate import_changes, imports, sites, areas, settings, site_buckets, site_days restart identity cascade`
		);
	});

	const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
		const response = await fetch(base + path, init);
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
		return { status: response.status, body: isJson ? JSON.parse(text) : {}, text, headers: response.headers };
	};
	const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
		ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
	const upload = (bytes: Uint8Array | string, name = 'list.csv'): Promise<Answer> =>
		ask(`/api/imports?name=${encodeURIComponent(name)}`, {
			method: 'POST',
			body: typeof bytes === 'string' ? bytes : Buffer.from(bytes)
		});
	const settled = async (id: unknown): Promise<Answer> => {
		for (;;) {
			const view = await ask(`/api/imports/session?id=${String(id)}`);
			if (view.body['state'] !== 'reading') return view;
		}
	};
	const ready = async (bytes: Uint8Array | string, name?: string) => {
		const { body } = await settled((await upload(bytes, name)).body['id']);
		const columns = body['columns'] as unknown as { guess: string | null }[];
		return { id: String(body['id']), mapping: columns.map(({ guess }) => guess), body };
	};
	const preview = async (bytes: Uint8Array | string, name?: string, datum: string | null = 'wgs84') => {
		const session = await ready(bytes, name);
		const answer = await post('/api/imports/preview', { id: session.id, mapping: session.mapping, datum });
		return { ...session, answer, previewRevision: answer.body['previewRevision'] };
	};
	const bring = async (lines: string[], name?: string) => {
		const { id, previewRevision } = await preview(lines.join('\n'), name);
		const answer = await post('/api/imports/apply', { id, previewRevision });
		await post('/api/imports/discard', { id });
		return Number(answer.body['importId']);
	};
	const undo = (importId: unknown) => post('/api/imports/undo', { importId });
	const names = async () =>
		(await loadRegisteredSites(database.db)).map(({ code, name, lifecycle }) => `${code} ${name} ${lifecycle}`);
	const rows = async (id: string, kind: string, more = '') =>
		(await ask(`/api/imports/rows?id=${id}&kind=${kind}${more}`)).body;

	it('describes a file: format, encoding, columns with samples and guesses, and the fields there are', async () => {
		const { status, body } = await upload(iconv.encode(`无锡市驿站一览,,\n${LIST.join('\n')}`, 'gb18030'));
		expect(status).toBe(201);
		expect(body).toMatchObject({ state: 'ready', format: 'csv', encoding: 'gb18030', rows: 3, headerLine: 2 });
		expect(body['columns']).toContainEqual({ header: '区县', sample: ['惠山区', '锡山区'], guess: 'district' });
		expect(JSON.stringify(body['columns'])).not.toContain('13800138000');
		expect(body['fields']).toContainEqual({ field: 'lng', label: { zh: '经度', en: 'lng' }, isRequired: false });
		await post('/api/imports/discard', { id: body['id'] });
	});

	it('previews what it would do, row by row, and writes nothing', async () => {
		await bring(LIST);
		const list = [
			...LIST.slice(0, 2),
			'A2,张泾社区驿站,工会驿站,锡山区,,120.4345,31.7789,很晚,',
			'A9,新站,,惠山区,,0,0,,'
		];
		list.push('A8,云亭驿站,工会驿站,江阴市,,120.35,31.85,24h,');
		const { id, answer } = await preview(list.join('\n'));
		expect(answer.body).toMatchObject({ rows: 4, added: 1, changed: 1, unchanged: 1, errors: 1, revision: 1 });
		expect(await rows(id, 'added')).toMatchObject({
			total: 1,
			next: null,
			items: [{ line: 5, code: 'A8', name: '云亭驿站', fields: { lng: 120.35, isOpen24h: true, datum: 'wgs84' } }]
		});
		expect(await rows(id, 'changed')).toMatchObject({
			items: [
				{ line: 3, code: 'A2', changes: [{ field: 'name', before: '张泾驿站', after: '张泾社区驿站' }, {}, {}, {}] }
			]
		});
		expect(await rows(id, 'unchanged')).toMatchObject({ items: [{ line: 2, code: 'A1', name: '钱桥驿站' }] });
		expect(await rows(id, 'errors')).toMatchObject({
			items: [
				{ line: 4, field: 'lng', column: '经度', value: '0', code: 'coordinates_zero', advice: expect.any(String) }
			]
		});
		expect((await rows(id, 'warnings', '&after=1&limit=1'))['items']).toHaveLength(1);
		expect(await names()).toHaveLength(3);
		expect(await registryRevision(database.db)).toBe(1);
		await post('/api/imports/discard', { id });
	});

	it('applies what was previewed, once, and says so to the live part', async () => {
		const { id, previewRevision } = await preview(LIST.join('\n'), '../../etc/驿站.csv');
		const first = await post('/api/imports/apply', { id, previewRevision });
		expect(first.body).toEqual({ importId: 1, revision: 1 });
		expect((await post('/api/imports/apply', { id, previewRevision })).body).toEqual(first.body);
		expect(refreshed).toBe(1);
		expect(audited).toEqual(['import.applied']);
		expect(await names()).toEqual(['A1 钱桥驿站 open', 'A2 张泾驿站 open', 'A3 人民医院 open']);
		expect((await ask('/api/imports')).body).toMatchObject({
			imports: [
				{
					id: 1,
					kind: 'stations',
					fileName: '驿站.csv',
					added: 3,
					changed: 0,
					who: 'test',
					undoneBy: null,
					isUndoable: true
				}
			]
		});
		const again = await post('/api/imports/preview', {
			id,
			mapping: (await ready(LIST.join('\n'))).mapping,
			datum: 'wgs84'
		});
		expect(again.body).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
		expect((await post('/api/imports/apply', { id, previewRevision: again.body['previewRevision'] })).body).toEqual({
			importId: null,
			revision: 1
		});
		expect(refreshed).toBe(1);
	});

	it('refuses to apply a preview that the registry has moved away from, or that is not the newest', async () => {
		const one = await preview(LIST.join('\n'));
		const other = await preview(LIST.slice(0, 2).join('\n'));
		const stale = await post('/api/imports/apply', { id: one.id, previewRevision: '0.9' });
		expect([stale.status, stale.body['code']]).toEqual([409, 'preview_outdated']);
		const both = await Promise.all(
			[one, other].map(({ id, previewRevision }) => post('/api/imports/apply', { id, previewRevision }))
		);
		expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
		expect(both.find(({ status }) => status === 409)?.body['code']).toBe('registry_moved');
		expect(await registryRevision(database.db)).toBe(1);
	});

	it('applies all of a file or nothing', async () => {
		const { id, previewRevision } = await preview(LIST.join('\n'));
		await database.db.execute(sql`alter table sites add constraint no_a3 check (code <> 'A3')`);
		const failed = await post('/api/imports/apply', { id, previewRevision });
		await database.db.execute(sql`alter table sites drop constraint no_a3`);
		expect(failed.status).toBe(500);
		expect([await names(), await loadAreas(database.db), await registryRevision(database.db)]).toEqual([[], [], 0]);
		expect((await ask('/api/imports')).body['imports']).toEqual([]);
		expect((await post('/api/imports/apply', { id, previewRevision })).status).toBe(200);
		expect(await names()).toHaveLength(3);
	});

	it('wants the datum said when there are coordinates, and only then', async () => {
		const { id, mapping, answer } = await preview(LIST.join('\n'), 'list.csv', null);
		expect([answer.status, answer.body['code']]).toEqual([422, 'datum_needed']);
		const placed = await post('/api/imports/placement', { id, mapping });
		expect(placed.body).toMatchObject({ isDatumNeeded: true, located: 3, swapped: 0 });
		const datums = placed.body['datums'] as unknown as { datum: string; points: number[][] }[];
		expect(datums.map(({ datum, points }) => [datum, points.length])).toEqual([
			['wgs84', 3],
			['gcj02', 3],
			['bd09', 3]
		]);
		expect(Math.abs((datums[0]?.points[0]?.[0] ?? 0) - (datums[1]?.points[0]?.[0] ?? 0))).toBeGreaterThan(0.003);
		const own = LIST.map((line, index) => `${line},${index === 0 ? '坐标系' : 'gcj02'}`);
		expect((await preview(own.join('\n'), 'own.csv', null)).answer.status).toBe(200);
		expect((await preview('名称\n甲站\n', 'bare.csv', null)).answer.status).toBe(200);
	});

	it('takes an import back: changes are undone, new sites go, the undo is seen', async () => {
		await bring(LIST);
		const before = await loadRegisteredSites(database.db);
		const second = await bring(
			[...LIST, 'A4,云亭驿站,工会驿站,江阴市,云亭街道,120.35,31.85,24h,'].map((line) =>
				line.replace('张泾驿站', '张泾社区驿站')
			)
		);
		expect(await names()).toHaveLength(4);
		const { body } = await undo(second);
		expect(body).toMatchObject({ ok: true, restored: 1, deleted: 1, closed: [] });
		expect(await loadRegisteredSites(database.db)).toEqual(before);
		expect((await loadAreas(database.db)).map(({ name }) => name)).not.toContain('江阴市');
		expect((await ask('/api/imports')).body['imports']).toMatchObject([
			{ id: 3, kind: 'undo', undoes: 2, isUndoable: false },
			{ id: 2, undoneBy: 3, isUndoable: false },
			{ id: 1, undoneBy: null, isUndoable: true }
		]);
		expect([await undo(second), await undo(3), await undo(99)].map((one) => [one.status, one.body['code']])).toEqual([
			[409, 'already_undone'],
			[409, 'not_an_import'],
			[404, 'unknown_import']
		]);
		// a slot that was given is never given again
		await bring(['编号,名称,区县', 'A5,后来的站,惠山区']);
		expect((await loadRegisteredSites(database.db)).find(({ code }) => code === 'A5')?.slot).toBe(5);
	});

	it('takes imports back one after another, newest first, and names the sites in the way', async () => {
		const [first, second, third] = [
			await bring(LIST),
			await bring(LIST.map((line) => line.replace('张泾驿站', '张泾二站'))),
			await bring(LIST.map((line) => line.replace('张泾驿站', '张泾三站')))
		];
		const blocked = await undo(second);
		expect([blocked.status, blocked.body]).toMatchObject([
			409,
			{ code: 'changed_since', sites: [{ code: 'A2', name: '张泾二站', importId: third }] }
		]);
		expect(await registryRevision(database.db)).toBe(3);
		for (const [id, left] of [
			[third, 'A2 张泾二站 open'],
			[second, 'A2 张泾驿站 open']
		] as const) {
			expect((await undo(id)).status).toBe(200);
			expect((await names())[1]).toBe(left);
		}
		expect((await undo(first)).body).toMatchObject({ deleted: 3 });
		expect(await names()).toEqual([]);
		expect((await loadAreas(database.db)).map(({ level }) => level)).toEqual(['city']);
	});

	it('keeps a new site that has history, closed, and says so', async () => {
		const first = await bring(LIST);
		const zero = { visits: 0, peopleIn: 0, peopleOut: 0, temperatureSum: 0, temperatureCount: 0 };
		await database.db
			.insert(siteBuckets)
			.values({ periodSeconds: 86_400, startsAt: new Date(nowMs), slot: 1, events: 1, ...zero });
		lived.add(2);
		expect((await undo(first)).body).toMatchObject({ restored: 0, deleted: 1, closed: ['A1', 'A2'] });
		expect(await names()).toEqual(['A1 钱桥驿站 closed', 'A2 张泾驿站 closed']);
	});

	it('does not undo over a change that no import made', async () => {
		const first = await bring(LIST);
		await database.db
			.update(sites)
			.set({ name: '改名' })
			.where(sql`code = 'A1'`);
		expect((await undo(first)).body).toMatchObject({ code: 'changed_since', sites: [{ code: 'A1', importId: null }] });
		expect(await names()).toHaveLength(3);
	});

	it('undoes once when asked twice at the same time', async () => {
		const first = await bring(LIST);
		const answers = await Promise.all([undo(first), undo(first)]);
		expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
	});

	it('gives the rows to mend as a list that runs in no spreadsheet and holds nobody’s number', async () => {
		const list = [...LIST, 'A4,=cmd|calc,工会驿站,惠山区,,0,0,,'];
		const { id } = await preview(list.join('\n'));
		const answer = await ask(`/api/imports/errors?id=${id}`);
		expect(answer.headers.get('content-disposition')).toContain('attachment');
		expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
		expect(answer.text).toContain(`"'=cmd|calc"`);
		expect(answer.text).toContain('coordinates_zero');
		expect(answer.text).not.toContain('13800138000');
		// mended, it is itself a list to import
		const mended = answer.text.replaceAll('"0","0"', '"120.2","31.6"');
		expect((await preview(mended, 'mended.csv')).answer.body).toMatchObject({ errors: 0 });
	});

	it('gives the list of errors a name that a header can hold, however long the name of the file was', async () => {
		const { id } = await preview('name\n""\n', `${'😀'.repeat(119)}ab.csv`);
		const { status, headers } = await ask(`/api/imports/errors?id=${id}`);
		expect([status, headers.get('content-disposition')]).toEqual([200, expect.stringContaining('ab-%E9%97%AE')]);
	});

	it('reads a workbook, and another sheet of it when asked', async () => {
		const { default: write } = await import('write-excel-file/node');
		const text = (value: string) => ({ value, type: String });
		const merged = [{ ...text('无锡市总工会驿站一览表'), columnSpan: 4 }, null, null, null];
		const sheet = [
			merged,
			['编号', '名称', '电话', '启用日期'].map(text),
			[
				text('007'),
				text('钱桥\n驿站'),
				text('051083200000'),
				{ value: new Date(Date.UTC(2024, 4, 1)), type: Date, format: 'yyyy-mm-dd' }
			],
			[{ value: 320206010001, type: Number }, text('张泾驿站'), { value: 82700000, type: Number }, text('2024年6月1日')]
		];
		const bytes = await write([
			{ data: [['说明'].map(text)], sheet: '说明' },
			{ data: sheet, sheet: '驿站' },
			{ data: [['code', 'name'].map(text), ['B1', '另一站'].map(text)], sheet: '其他' }
		]).toBuffer();
		const { id, mapping, body } = await ready(bytes, '驿站.xlsx');
		expect(body).toMatchObject({
			format: 'xlsx',
			sheets: ['说明', '驿站', '其他'],
			sheet: '驿站',
			headerLine: 2,
			unit: 'row'
		});
		await post('/api/imports/preview', { id, mapping, datum: null });
		expect((await rows(id, 'added'))['items']).toMatchObject([
			{ line: 3, code: '007', name: '钱桥 驿站', fields: { phone: '051083200000', openedOn: '2024-05-01' } },
			{ line: 4, code: '320206010001', fields: { phone: '82700000', openedOn: '2024-06-01' } }
		]);
		const other = await post('/api/imports/sheet', { id, sheet: '其他' });
		expect(other.body).toMatchObject({ sheet: '其他', rows: 1 });
		expect((await post('/api/imports/sheet', { id, sheet: '没有' })).body['code']).toBe('sheet_unknown');
		expect((await ask(`/api/imports/session?id=${id}`)).body).toMatchObject({ state: 'ready', sheet: '其他' });
	});

	it('exports in the columns that it imports, and the way back changes nothing', async () => {
		await bring(LIST);
		for (const format of ['csv', 'xlsx', 'geojson']) {
			const response = await fetch(`${base}/api/registry/export?format=${format}`);
			expect(response.status).toBe(200);
			const bytes = new Uint8Array(await response.arrayBuffer());
			const { answer } = await preview(bytes, `registry.${format}`, null);
			expect(answer.body).toMatchObject({ added: 0, changed: 0, unchanged: 3, errors: 0, newAreas: [] });
		}
		const district = (await loadRegisteredSites(database.db))[1]?.districtCode;
		const part = await ask(`/api/registry/export?format=csv&scope=district:${district}`);
		expect(part.text).toContain('A2');
		expect(part.text).not.toContain('A1');
		expect((await ask('/api/registry/export?format=doc')).status).toBe(400);
		expect((await ask('/api/registry/export?scope=district:none')).status).toBe(404);
	});

	it.each([
		['a broken body', '/api/imports/apply', '{"id":', 400, 'malformed_json'],
		['a list for a body', '/api/imports/apply', '[]', 400, 'malformed_json'],
		['no id', '/api/imports/apply', '{}', 400, 'bad_query'],
		['an id that is a path', '/api/imports/apply', '{"id":"../../pg","previewRevision":"0.1"}', 404, 'unknown_session'],
		['an id that is an object', '/api/imports/discard', '{"id":{"$gt":""}}', 400, 'bad_query'],
		['an import that is no number', '/api/imports/undo', '{"importId":"1; drop table sites"}', 400, 'bad_query'],
		['an import beyond all numbers', '/api/imports/undo', '{"importId":99999999999}', 400, 'bad_query'],
		['an empty file', '/api/imports?name=a.csv', '', 400, 'file_empty'],
		['a file that is no table', '/api/imports?name=a.json', '[{"name":"a"},{"name":}]', 422, 'json_broken'],
		['a file of nothing but signs', '/api/imports?name=a.csv', '"\n'.repeat(1), 422, 'csv_broken']
	])('refuses %s', async (_, path, body, status, code) => {
		const answer = await post(path, body);
		expect([answer.status, answer.body['code']]).toEqual([status, code]);
		expect(answer.body['message']).toEqual(expect.any(String));
	});

	it('refuses fields that do not exist, twice the same, or for columns that are not there', async () => {
		const { id } = await ready('name,x\na,b\n');
		for (const mapping of [['name'], ['name', 'name'], ['name', '__proto__'], ['name', 'slot'], 'name', null]) {
			const answer = await post('/api/imports/preview', { id, mapping, datum: null });
			expect(answer.status).toBe(400);
		}
		const datum = await post('/api/imports/preview', { id, mapping: ['name', null], datum: 'mars' });
		expect(datum.status).toBe(400);
		expect((await rows(id, 'added'))['code']).toBe('no_preview');
		expect((await rows(id, 'secrets'))['code']).toBe('bad_query');
	});

	it('keeps a file with a huge cell, a bomb or too much of anything out, and says what is wrong', async () => {
		const { body } = await preview(`name,note\na,${'x'.repeat(20_000)}\nb,c\n`).then(({ answer }) => answer);
		expect(body).toMatchObject({ added: 1, errors: 1, errorsByCode: { cell_too_long: 1 } });
		const wide = await upload(`name${',c'.repeat(300)}\na\n`);
		expect([wide.status, wide.body['code']]).toEqual([422, 'too_many_columns']);
		// too much for any workbook, and too much for so small a file
		for (const mebibytes of [400, 60]) {
			const bomb = await upload(zipBomb(mebibytes), 'bomb.xlsx');
			// A machine that is busy says so later.
			const said = bomb.status === 202 ? (await settled(bomb.body['id'])).body['problem'] : bomb.body;
			expect([mebibytes, said]).toMatchObject([mebibytes, { code: 'xlsx_too_large' }]);
		}
		const deep = await upload(`[{"name":"a","note":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`, 'deep.json');
		expect([201, 202, 422]).toContain(deep.status);
	});

	it('cuts an upload off that is larger than a file may be, and leaves nothing behind', async () => {
		const status = await new Promise<number>((resolve, reject) => {
			const outgoing = httpRequest(`${base}/api/imports?name=a.csv`, { method: 'POST' }, (response) => {
				resolve(response.statusCode ?? 0);
				outgoing.destroy();
			});
			outgoing.on('error', (error) => (outgoing.destroyed ? resolve(413) : reject(error)));
			const chunk = Buffer.alloc(1024 * 1024, 'a');
			for (let sent = 0; sent <= MAX_FILE_BYTES; sent += chunk.length) outgoing.write(chunk);
			outgoing.end();
		});
		expect(status).toBe(413);
		const declared = await new Promise<number>((resolve) => {
			const headers = { 'content-length': String(MAX_FILE_BYTES + 1) };
			const outgoing = httpRequest(`${base}/api/imports?name=a.csv`, { method: 'POST', headers }, (response) => {
				resolve(response.statusCode ?? 0);
				outgoing.destroy();
			});
			outgoing.on('error', () => undefined);
			outgoing.write('name');
		});
		expect(declared).toBe(413);
	});

	it('keeps two imports of one person, of which the oldest gives way: nobody takes the desk from the others', async () => {
		const ids: string[] = [];
		for (let count = 0; count < 20; count++) {
			ids.push((await ready('name\na\n')).id);
			nowMs++;
		}
		const seen = async (id: string | undefined) => (await ask(`/api/imports/session?id=${id}`)).status;
		expect([await seen(ids[17]), await seen(ids[18]), await seen(ids[19])]).toEqual([404, 200, 200]);
		caller = { ...EVERYTHING, id: 'p-other' };
		const { id } = await ready('name\na\n');
		caller = EVERYTHING;
		expect([await seen(id), await seen(ids[19])]).toEqual([404, 200]);
		expect(readdirSync(join(dir.path, 'imports'))).toHaveLength(3);
	});

	it('refuses a third import of one person while two of them are uploaded', async () => {
		const outgoing = [1, 2].map(() => {
			const sending = httpRequest(`${base}/api/imports?name=a.csv`, { method: 'POST' });
			sending.on('error', () => undefined);
			sending.write('name\n');
			return sending;
		});
		const folder = join(dir.path, 'imports');
		const begun = () =>
			readdirSync(folder).filter((id) => statSync(join(folder, id, 'file'), { throwIfNoEntry: false })?.size === 5);
		await vi.waitFor(() => expect(begun()).toHaveLength(2), { timeout: 20_000 });
		const third = await upload('name\na\n');
		expect([third.status, third.body['code']]).toEqual([429, 'too_many_imports']);
		for (const sending of outgoing) sending.destroy();
		await vi.waitFor(() => expect(begun()).toEqual([]), { timeout: 20_000 });
	});

	it('opens only so many imports at once, and forgets those that nobody works on; a look is no work', async () => {
		for (let count = 0; count < 12; count++) {
			caller = { ...EVERYTHING, id: `p-many-${count}` };
			expect((await upload('name\na\n')).status).toBe(201);
		}
		caller = { ...EVERYTHING, id: 'p-late' };
		const late = await upload('name\na\n');
		expect([late.status, late.body['code']]).toEqual([429, 'too_many_imports']);
		caller = EVERYTHING;
		expect((await upload('name\na\n')).body['code']).toBe('too_many_imports');
		nowMs += 14 * 60_000;
		caller = { ...EVERYTHING, id: 'p-many-0' };
		for (const id of readdirSync(join(dir.path, 'imports'))) await ask(`/api/imports/session?id=${id}`);
		nowMs += 2 * 60_000;
		caller = { ...EVERYTHING, id: 'p-late' };
		const { id } = await ready('name\na\n');
		nowMs += 86_400_000;
		expect((await ask(`/api/imports/session?id=${id}`)).status).toBe(200);
		nowMs += 1;
		expect((await ask(`/api/imports/session?id=${id}`)).status).toBe(404);
	});
});

/** 1 GB of one sign in 1 MB of ZIP. */
function zipBomb(mebibytes: number): Buffer {
	const packed = deflateRawSync(Buffer.alloc(mebibytes * 1024 * 1024, 'a'), { level: 1 });
	const name = Buffer.from('xl/workbook.xml');
	const local = Buffer.alloc(30);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(packed.length, 18);
	local.writeUInt16LE(name.length, 26);
	const entry = Buffer.alloc(46);
	entry.writeUInt32LE(0x02014b50, 0);
	entry.writeUInt16LE(8, 10);
	entry.writeUInt32LE(packed.length, 20);
	entry.writeUInt32LE(10, 24);
	entry.writeUInt16LE(name.length, 28);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(46 + name.length, 12);
	end.writeUInt32LE(30 + name.length + packed.length, 16);
	return Buffer.concat([local, name, packed, entry, name, end]);
}
