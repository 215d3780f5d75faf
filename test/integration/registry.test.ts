import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import type { Datum } from '#domain/site.ts';
import { formatImportReport, importStations, type ImportReport } from '#server/cli/import-stations.ts';
import { mapColumns } from '#server/registry/columns.ts';
import { readDrafts } from '#server/registry/drafts.ts';
import { planImport } from '#server/registry/plan.ts';
import { readTable } from '#server/registry/table.ts';
import { applyImport, sourceOf } from '#server/store/import-store.ts';
import {
	isRegistryEmpty,
	loadAreas,
	loadRegisteredSites,
	loadSites,
	registryRevision,
	siteRecord
} from '#server/store/registry-store.ts';
import { testDatabases } from '#test/support/databases.ts';

const SHARED_DATA =
	process.env['YIZHAN_SHARED_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const ZHENGZHOU = `${SHARED_DATA}/stations/zhengzhou_union_stations.json`;

const LIST = [
	'编号,名称,类型,区县,街道,经度,纬度,开放时间,遥测,荣誉,容纳人数',
	'A1,钱桥驿站,工会驿站,惠山区,钱桥街道,120.2345,31.6789,"08:30-12:00,13:00-17:30",智能,全国最美(2023),8',
	'A2,张泾驿站,工会驿站,锡山区,锡北镇,120.4345,31.7789,24小时,人工,,',
	'A3,人民医院,母婴室,惠山区,钱桥街道,120.2445,31.6889,工作日开放,,,'
];

async function draftsOf(lines: string[]) {
	const result = await readTable(new TextEncoder().encode(lines.join('\n')), 'a.csv');
	if (!result.ok) throw new Error(result.problem.message);
	return readDrafts(result.table, mapColumns(result.table.headers), 'wgs84').drafts;
}

describe.each(testDatabases())('the registry on $name', ({ open }) => {
	let database: OpenDatabase;
	beforeEach(async () => void (database = await open()));
	afterEach(() => database.close());

	const bring = (lines: string[], more: { datum?: Datum; dryRun?: boolean } = {}): Promise<ImportReport> =>
		importStations({
			db: database.db,
			fileName: 'stations.csv',
			bytes: new TextEncoder().encode(lines.join('\n')),
			datum: more.datum ?? 'wgs84',
			dryRun: more.dryRun ?? false
		});

	it('is empty at first, at revision 0, and migrates again without harm', async () => {
		await database.migrate();
		expect(await isRegistryEmpty(database.db)).toBe(true);
		expect(await registryRevision(database.db)).toBe(0);
		expect(await loadSites(database.db)).toEqual([]);
		expect(await siteRecord(database.db, 'A1')).toBeNull();
	});

	it('takes a list and gives it back as sites in order of their slots', async () => {
		expect(await bring(LIST)).toMatchObject({ rows: 3, importId: 1, revision: 1, errors: [] });
		const sites = await loadSites(database.db);
		expect(
			sites.map(({ slot, code, kind, telemetry, periodSeconds }) => [slot, code, kind, telemetry, periodSeconds])
		).toEqual([
			[1, 'A1', 'service_station', 'live', 60],
			[2, 'A2', 'service_station', 'manual', 86_400],
			[3, 'A3', 'nursing_room', 'none', null]
		]);
		expect(sites[0]).toMatchObject({ lng: 120.2345, lat: 31.6789, lifecycle: 'open', hoursExceptions: [] });
		expect(sites[0]?.hours?.[6]).toEqual([
			{ from: 510, to: 720 },
			{ from: 780, to: 1050 }
		]);
		expect(sites[2]?.hours).toBeNull();
		const areas = await loadAreas(database.db);
		expect(areas.map(({ name }) => name)).toEqual(['全市', '惠山区', '钱桥街道', '锡山区', '锡北镇']);
		expect(areas.find(({ code }) => code === sites[0]?.district)?.name).toBe('惠山区');
		expect(areas.find(({ code }) => code === sites[0]?.street)).toMatchObject({
			name: '钱桥街道',
			parentCode: sites[0]?.district
		});
		expect(await siteRecord(database.db, 'A1')).toMatchObject({
			datum: 'wgs84',
			capacity: 8,
			honours: [{ level: 'national', year: 2023, title: '全国最美(2023)' }],
			importId: 1
		});
		expect(await siteRecord(database.db, 'A3')).toMatchObject({ hours: null, hoursText: '工作日开放' });
	});

	it('changes nothing when the same list comes again', async () => {
		await bring(LIST);
		const before = await siteRecord(database.db, 'A1');
		expect(await bring(LIST)).toMatchObject({
			added: [],
			changed: [],
			unchanged: 3,
			newAreas: [],
			importId: null,
			revision: 1
		});
		expect(await siteRecord(database.db, 'A1')).toEqual(before);
	});

	it('keeps the slot of a changed site and gives new sites the next ones', async () => {
		await bring(LIST);
		const changed = LIST.map((line) => line.replace('张泾驿站', '张泾社区驿站'));
		const report = await bring([...changed, 'A4,云亭驿站,工会驿站,江阴市,云亭街道,120.35,31.85,24h,智能,,']);
		expect(report.changed).toMatchObject([
			{ code: 'A2', changes: [{ field: 'name', before: '张泾驿站', after: '张泾社区驿站' }] }
		]);
		expect((await loadSites(database.db)).map(({ slot, name }) => [slot, name])).toEqual([
			[1, '钱桥驿站'],
			[2, '张泾社区驿站'],
			[3, '人民医院'],
			[4, '云亭驿站']
		]);
		expect(report.revision).toBe(2);
	});

	it('writes nothing on a dry run but reports the same', async () => {
		const dry = await bring(LIST, { dryRun: true });
		expect(await isRegistryEmpty(database.db)).toBe(true);
		expect(await loadAreas(database.db)).toEqual([]);
		expect(dry).toEqual({ ...(await bring(LIST)), dryRun: true, importId: null, revision: 0 });
	});

	it('imports the good rows beside bad ones', async () => {
		const report = await bring([
			...LIST,
			'A5,零点驿站,工会驿站,惠山区,,0,0,,,,',
			'A1,又是钱桥,工会驿站,惠山区,,120.2,31.6,,,,'
		]);
		expect(report.added).toHaveLength(3);
		expect(report.errors.map(({ line, code }) => [line, code])).toEqual([
			[5, 'coordinates_zero'],
			[6, 'duplicate']
		]);
	});

	it('warns once when the datum of the coordinates was not named', async () => {
		const { warnings } = await bring(LIST, { datum: 'unknown' });
		expect(warnings.filter(({ code }) => code === 'datum_not_named')).toHaveLength(1);
	});

	it('refuses a plan that was made on another registry, and keeps all of it out', async () => {
		const drafts = await draftsOf(LIST);
		const plan = planImport(drafts, await loadRegisteredSites(database.db), await loadAreas(database.db));
		await bring(LIST.slice(0, 2));
		const meta = {
			fileName: 'a.csv',
			datum: 'wgs84',
			plannedOn: 0,
			warnings: 0,
			errors: 0,
			importedBy: 'test'
		} as const;
		await expect(applyImport(database.db, sourceOf(plan), meta)).rejects.toThrow('from revision 0 to 1');
		expect(await loadSites(database.db)).toHaveLength(1);
		expect(await registryRevision(database.db)).toBe(1);
	});

	it('writes all of an import or nothing', async () => {
		const drafts = await draftsOf(LIST);
		const plan = planImport(drafts, [], []);
		const orphaned = { ...plan, newAreas: plan.newAreas.slice(1) };
		const meta = {
			fileName: 'a.csv',
			datum: 'wgs84',
			plannedOn: 0,
			warnings: 0,
			errors: 0,
			importedBy: 'test'
		} as const;
		await expect(applyImport(database.db, sourceOf(orphaned), meta)).rejects.toThrow();
		expect(await isRegistryEmpty(database.db)).toBe(true);
		expect(await loadAreas(database.db)).toEqual([]);
		expect(await registryRevision(database.db)).toBe(0);
	});

	it('takes more rows than one statement holds', async () => {
		const rows = Array.from(
			{ length: 1234 },
			(_, index) => `B${index},站${index},工会驿站,惠山区,,${120 + index / 5000},31.6,24h,,,`
		);
		expect((await bring([LIST[0] ?? '', ...rows])).added).toHaveLength(1234);
		const sites = await loadSites(database.db);
		expect(sites.map(({ code }) => code)).toEqual(rows.map((_, index) => `B${index}`));
		expect(sites.at(-1)?.slot).toBe(1234);
	});

	it('prints every finding with its line and reason', async () => {
		const text = formatImportReport(await bring([...LIST, 'A5,零点驿站,工会驿站,惠山区,,0,0,,,,']));
		expect(text).toContain('line 5, 经度: The coordinates are 0,0');
		expect(text).toContain(
			'line 4, 开放时间: The hours "工作日开放" stay unknown: days are named without times. [hours_unknown]'
		);
		expect(text).toContain(
			'new 3 · changed 0 · unchanged 0 · new areas 4 · warnings 5 · errors 1 (import 1, registry revision 1)'
		);
	});

	const isHere = existsSync(ZHENGZHOU);
	it('takes the real list of Zhengzhou whole, doubts four places, and changes nothing the second time', async ({
		skip
	}) => {
		if (!isHere) skip('The shared data is not here: set YIZHAN_SHARED_DATA to its folder.');
		const request = { db: database.db, fileName: 'zhengzhou.json', datum: 'gcj02', dryRun: false } as const;
		const first = await importStations({ ...request, bytes: readFileSync(ZHENGZHOU) });
		expect([first.rows, first.added.length, first.errors.length]).toEqual([82, 82, 0]);
		expect(first.newAreas).toHaveLength(15);
		const doubts = first.warnings.filter(({ code }) => code.startsWith('placement_'));
		expect(doubts.map(({ line }) => line)).toEqual([164, 1400, 1763, 1811]);
		const again = await importStations({ ...request, bytes: readFileSync(ZHENGZHOU) });
		expect(again).toMatchObject({
			added: [],
			changed: [],
			unchanged: 82,
			newAreas: [],
			errors: [],
			importId: null,
			revision: 1
		});
		const phones = (await loadRegisteredSites(database.db)).map(({ phone }) => phone).filter((phone) => phone !== null);
		expect(phones).toHaveLength(8);
		expect(phones.join()).not.toMatch(/\*|(?<!\d)1[3-9]\d{9}/);
	});
});
