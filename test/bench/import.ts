/**
 * Importing 10,000 rows: reading, preview and apply, of new sites and of changed ones, and the undo, on PGlite and
 * PostgreSQL; and how long a file of 40 MB keeps the server from answering others.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openPglite, type OpenDatabase } from '#db/client.ts';
import { openImportDesk, type Desk, type Seat } from '#server/imports/desk.ts';
import type { Writer } from '#server/imports/writer.ts';
import { exportRegistry, type ExportFormat } from '#server/registry/export.ts';
import { applyImport } from '#server/store/import-store.ts';
import { loadAreas, loadRegisteredSites, registryRevision } from '#server/store/registry-store.ts';
import { undoImport } from '#server/store/undo-store.ts';
import { openTestPostgres } from '#test/support/databases.ts';
import { startPostgres } from '#test/support/postgres-server.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { median, type Row } from './table.ts';

const TERMS = { hasContact: true, mark: { user: 'li.na', at: '2026-05-22T12:00:00+08:00', scope: 'city' } };

/** Somebody who may write the whole city. */
const WRITER: Writer = { id: 'bench', userName: 'bench', scopes: [{ level: 'city' }] };

const ROWS = 10_000;
const ROUNDS = 3;
const LIMIT_S = 5;
const LARGE_BYTES = 40 * 1024 * 1024;

export async function benchImport(): Promise<Row[]> {
	const dir = tempDir('bench-import');
	const postgres = await startPostgres();
	try {
		const pglite = async () => {
			const database = await openPglite(join(dir.path, `pg-${Math.floor(performance.now())}`));
			await database.migrate();
			return database;
		};
		return [
			...(await benchOn('PGlite', dir.path, pglite)),
			...(await benchOn('PostgreSQL', dir.path, () => openTestPostgres(postgres.url))),
			...(await benchLarge(dir.path))
		];
	} finally {
		await postgres.stop();
		dir.remove();
	}
}

/** Seconds of each step, one entry per round. */
type Steps = Map<string, number[]>;

async function benchOn(name: string, dir: string, open: () => Promise<OpenDatabase>): Promise<Row[]> {
	const steps: Steps = new Map();
	for (let round = 0; round < ROUNDS; round++) {
		const database = await open();
		const desk = await openDeskOn(database, dir);
		try {
			await oneRound(desk, database, steps);
		} finally {
			await desk.close();
			await database.close();
		}
	}
	return [...steps].map(([step, seconds]) => {
		const middle = median(seconds);
		const isAimed = step.startsWith('preview') || step.startsWith('apply');
		return {
			what: `${step}, ${ROWS.toLocaleString('en')} rows, ${name}`,
			measured: `${Math.round(middle * 1000).toLocaleString('en')} ms`,
			ratio: null,
			target: isAimed ? `≤ ${LIMIT_S} s` : '',
			isMet: middle <= LIMIT_S
		};
	});
}

function openDeskOn({ db }: OpenDatabase, dir: string): Promise<Desk> {
	return openImportDesk({
		dir: join(dir, 'imports'),
		now: Date.now,
		registry: {
			revision: () => registryRevision(db),
			load: async () => ({ sites: await loadRegisteredSites(db), areas: await loadAreas(db) }),
			areas: () => loadAreas(db)
		},
		apply: (source, meta) => applyImport(db, source, meta),
		onRegistryChanged: async () => undefined
	});
}

async function oneRound(desk: Desk, { db }: OpenDatabase, steps: Steps): Promise<void> {
	const seat = desk.at(WRITER);
	const timed = async <T>(step: string, run: () => Promise<T>): Promise<T> => {
		const started = performance.now();
		const result = await run();
		const seconds = (performance.now() - started) / 1000;
		steps.set(step, [...(steps.get(step) ?? []), seconds]);
		return result;
	};
	const bring = async (what: string, bytes: Uint8Array, fileName: string) => {
		const id = await timed(`read (${what})`, () => read(seat, bytes, fileName));
		const mapping = seat.view(id).inspection?.columns.map(({ guess }) => guess) ?? [];
		const preview = await timed(`preview (${what})`, () => seat.preview(id, { mapping, datum: 'gcj02' }));
		const { result } = await timed(`apply (${what})`, () => seat.apply(id, preview.previewRevision));
		await seat.discard(id);
		return { preview, importId: result.importId };
	};
	const added = await bring('new, CSV', csv(ROWS, ''), 'list.csv');
	if (added.preview.added !== ROWS) throw new Error(`${added.preview.added} rows were new, ${ROWS} were in the file`);
	const changed = await bring('changed, XLSX', await workbook(ROWS), 'list.xlsx');
	if (changed.preview.changed !== ROWS) throw new Error(`${changed.preview.changed} rows were changed`);
	const undone = await timed('undo of the changes', () =>
		undoImport(db, changed.importId ?? 0, { hasLived: () => false, scopes: WRITER.scopes, undoneBy: WRITER.userName })
	);
	if (!undone.ok) throw new Error(undone.code);
	for (const format of ['csv', 'xlsx', 'geojson'] satisfies ExportFormat[]) {
		const [sites, areas] = [await loadRegisteredSites(db), await loadAreas(db)];
		await timed(`export (${format})`, () => exportRegistry(sites, areas, format, TERMS));
	}
}

/** Resolves when the file is read, however long that takes. */
async function read(seat: Seat, bytes: Uint8Array, fileName: string): Promise<string> {
	const { id } = await seat.open(fileName, (path) => writeFile(path, bytes));
	while (seat.view(id).state === 'reading') await new Promise((resolve) => setTimeout(resolve, 5));
	return id;
}

const HEADERS =
	'编号,名称,类型,区县,街道,地址,经度,纬度,开放时间,设施,服务,荣誉,容纳人数,面积,启用日期,遥测,电话,管理人,备注';

/** Rows as a federation's sheet has them, in eight districts of ten streets; `more` makes each of them another text. */
function csv(rows: number, more: string): Uint8Array {
	const lines = [HEADERS];
	for (let n = 0; n < rows; n++) {
		const lng = 120 + (n % 100) / 200;
		const lat = 31.3 + Math.floor(n / 100) / 250;
		const district = `第${n % 8}区`;
		lines.push(
			`B${String(n).padStart(6, '0')},第${n}工会驿站${more},工会驿站,${district},第${n % 80}街道,中山路${n}号,${lng},${lat},` +
				`"周一至周五 08:30-12:00,13:00-17:30",饮水机;微波炉;空调,就餐;休息,全国最美(2023),${n % 40},${n % 200}.5,` +
				`2024-05-01,智能,0510-8320${String(n % 10_000).padStart(4, '0')},${district}总工会,"二楼,左转"`
		);
	}
	return new TextEncoder().encode(lines.join('\n'));
}

async function workbook(rows: number): Promise<Uint8Array> {
	const { default: write } = await import('write-excel-file/node');
	const { parse } = await import('csv-parse/sync');
	const records: string[][] = parse(Buffer.from(csv(rows, '（新）')));
	return write(records.map((record) => record.map((value) => ({ value, type: String })))).toBuffer();
}

/** The longest time for which the thread of the server did nothing else while a large file was read and previewed. */
async function benchLarge(dir: string): Promise<Row[]> {
	const rows = Math.floor(LARGE_BYTES / (csv(1000, '').length / 1000));
	const bytes = csv(rows, '');
	const desk = await openImportDesk({
		dir: join(dir, 'large'),
		now: Date.now,
		registry: { revision: async () => 0, load: async () => ({ sites: [], areas: [] }), areas: async () => [] },
		apply: async () => ({ importId: null, revision: 0 }),
		onRegistryChanged: async () => undefined
	});
	const seat = desk.at(WRITER);
	const delay = monitorEventLoopDelay({ resolution: 5 });
	delay.enable();
	const started = performance.now();
	const id = await read(seat, bytes, 'large.csv');
	const readMs = performance.now() - started;
	const mapping = seat.view(id).inspection?.columns.map(({ guess }) => guess) ?? [];
	const preview = await seat.preview(id, { mapping, datum: 'gcj02' });
	const previewMs = performance.now() - started - readMs;
	delay.disable();
	await desk.close();
	if (preview.added !== rows) throw new Error(`${preview.added} of ${rows} rows were new`);
	const what = `${Math.round(bytes.length / 1024 / 1024)} MB of CSV (${rows.toLocaleString('en')} rows)`;
	const show = (ms: number): string => `${Math.round(ms).toLocaleString('en')} ms`;
	return [
		{ what: `read, ${what}`, measured: show(readMs), ratio: null, target: '' },
		{ what: `preview, ${what}`, measured: show(previewMs), ratio: null, target: '' },
		{ what: `server blocked meanwhile, longest`, measured: show(delay.max / 1e6), ratio: null, target: '' }
	];
}
