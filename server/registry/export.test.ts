import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Area, Datum } from '#domain/site.ts';
import { DATUMS, LIFECYCLES, SITE_KINDS, TELEMETRY_CLASSES } from '#domain/site.ts';
import { demoCity } from '#server/demo/city.ts';
import { mapColumns } from '#server/registry/columns.ts';
import { readDrafts } from '#server/registry/drafts.ts';
import { EXPORT_FORMATS, exportRegistry, type ExportFormat } from '#server/registry/export.ts';
import { planImport, type ImportPlan } from '#server/registry/plan.ts';
import { UNSAID, type RegisteredSite } from '#server/registry/site-fields.ts';
import { readTable } from '#server/registry/table.ts';

const TERMS = { hasContact: true, mark: { user: 'li.na', at: '2026-05-22T12:00:00+08:00', scope: 'city' } };

const SEED = 20260522;

interface Registry {
	readonly sites: readonly RegisteredSite[];
	readonly areas: readonly Area[];
}

const EMPTY: Registry = { sites: [], areas: [{ code: '320200', name: '无锡市', level: 'city', parentCode: null }] };

async function planOf(bytes: Uint8Array, fileName: string, datum: Datum, registry: Registry) {
	const result = await readTable(bytes, fileName);
	if (!result.ok) throw new Error(`${result.problem.line}: ${result.problem.message}`);
	const reading = readDrafts(result.table, mapColumns(result.table.headers), datum);
	return { reading, plan: planImport(reading.drafts, registry.sites, registry.areas) };
}

function after(registry: Registry, plan: ImportPlan): Registry {
	const added = plan.added.map(({ site }, index) => ({ ...site, slot: registry.sites.length + index + 1 }));
	const changed = new Map(plan.changed.map(({ site }) => [site.slot, site]));
	return {
		sites: [...registry.sites.map((site) => changed.get(site.slot) ?? site), ...added],
		areas: [...registry.areas, ...plan.newAreas]
	};
}

/** What an import of the export would do. The datum is one that no row of the export may need. */
async function roundTrip(registry: Registry, format: ExportFormat) {
	const bytes = await exportRegistry(registry.sites, registry.areas, format, TERMS);
	const { reading, plan } = await planOf(bytes, `registry.${format}`, 'unknown', registry);
	return {
		added: plan.added.map(({ site }) => site.name),
		changes: plan.changed.flatMap(({ changes }) => changes),
		newAreas: plan.newAreas,
		errors: [...reading.errors, ...plan.errors],
		unchanged: plan.unchanged.length
	};
}

const nothing = (unchanged: number) => ({ added: [], changes: [], newAreas: [], errors: [], unchanged });

const oddText = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({ unit: 'binary', maxLength: 12 }),
	fc
		.array(
			fc.constantFrom(
				...[
					'=1+1',
					'@SUM(A1)',
					'+86',
					'-5',
					"'",
					"'=",
					'"',
					'""',
					',',
					';',
					'；',
					'、',
					'\n',
					'\t',
					' ',
					'　',
					'|',
					'[1]'
				],
				...[
					'["a"]',
					'_x0041_',
					'_x005F_',
					'&amp;',
					'<b>',
					']]>',
					'00123',
					'1E5',
					'2024-05-01',
					'0510-83200000',
					'无',
					'-'
				],
				...[
					'驿站',
					'热水 器',
					'24小时',
					'全国最美(2023)',
					'\u0000',
					'\ufffe',
					'\ufffd',
					'\u200d',
					'😀',
					'é',
					'ＡＢ',
					'\\',
					'%'
				]
			),
			{ maxLength: 6 }
		)
		.map((parts) => parts.join(''))
);
const oddList = fc.array(oddText, { maxLength: 4 });

const oddRow = fc.record(
	{
		name: oddText.map((text) => `站${text}`),
		alias: oddText,
		ext_code: oddText,
		kind: fc.constantFrom(...SITE_KINDS),
		status: fc.constantFrom(...LIFECYCLES),
		form: fc.oneof(fc.constantFrom('fixed', 'mobile'), oddText),
		ownership: fc.oneof(fc.constantFrom('union', 'shared'), oddText),
		host_type: oddText,
		district: fc.constantFrom('惠山区', '锡山区', '高新区', ''),
		street: fc.constantFrom('钱桥街道', '洛社镇', ''),
		address: oddText,
		open_hours: fc.oneof(fc.constantFrom('24小时', '08:00-20:00', '周一至周五 08:30-17:00', '工作日开放'), oddText),
		'24h': fc.constantFrom('是', '否', '', true, false),
		capacity: fc.oneof(fc.nat(5000), oddText),
		floor_area: fc.oneof(fc.double({ min: 1e-9, max: 1e5, noNaN: true }), oddText),
		opened_on: fc.constantFrom('2024-05-01', '2024年5月1日', '2024-02-30', ''),
		entry_methods: fc.oneof(fc.array(fc.constantFrom('face', 'id_card', 'qr', 'remote', 'card', 'manual')), oddList),
		facilities: fc.oneof(oddList, oddText),
		services: oddList,
		honours: fc.array(
			fc.oneof(
				fc.record({
					level: fc.constantFrom('national', 'provincial', 'city', 'other'),
					year: fc.constantFrom(2019, 2023, null),
					title: oddText
				}),
				oddText
			),
			{ maxLength: 3 }
		),
		star: fc.nat(6),
		phone: oddText,
		keeper: fc.oneof(fc.constantFrom('钱桥街道总工会', '站长', '张三/社区', 'union desk'), oddText),
		telemetry: fc.constantFrom(...TELEMETRY_CLASSES),
		period_seconds: fc.nat(90_000),
		note: oddText
	},
	{ requiredKeys: ['name'] }
);

const oddPlace = fc.oneof(
	fc.record({
		lng: fc.double({ min: -179, max: 179, noNaN: true }),
		lat: fc.double({ min: -89, max: 89, noNaN: true }),
		datum: fc.constantFrom(...DATUMS)
	}),
	fc.record({
		lng: fc.double({ min: 119, max: 121, noNaN: true }),
		lat: fc.double({ min: 31, max: 32, noNaN: true }),
		datum: fc.constantFrom(...DATUMS)
	}),
	fc.constant({})
);

describe('exporting the registry', () => {
	it.each(EXPORT_FORMATS)('[IM1] brings the demo city back unchanged as %s', async (format) => {
		const city = demoCity(1);
		const sites = city.sites.map((site, index): RegisteredSite => {
			const { organisationId: _o, importId: _i, updatedAt: _u, ...fields } = site as unknown as Record<string, unknown>;
			return { ...UNSAID, ...fields, slot: index + 1 } as RegisteredSite;
		});
		const areas = city.areas.map(({ code, name, level, parentCode }) => ({
			code,
			name,
			level,
			parentCode: parentCode ?? null
		}));
		expect(await roundTrip({ sites, areas }, format)).toEqual(nothing(sites.length));
	});

	it.each(EXPORT_FORMATS)('[IM1] changes nothing when odd registries come back as %s', async (format) => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(oddRow, oddPlace), { minLength: 1, maxLength: 12 }), async (rows) => {
				const list = rows.map(([row, place], index) => ({ ...row, ...place, code: `00${index}` }));
				const bytes = new TextEncoder().encode(JSON.stringify(list));
				const { plan } = await planOf(bytes, 'odd.json', 'gcj02', EMPTY);
				const registry = after(EMPTY, plan);
				expect(await roundTrip(registry, format)).toEqual(nothing(registry.sites.length));
			}),
			{ seed: SEED, numRuns: format === 'xlsx' ? 40 : 100 }
		);
	});

	it.each(EXPORT_FORMATS)('brings an empty registry the same sites as %s', async (format) => {
		const list = [
			{ code: '007', name: '=HYPERLINK("http://evil")', lng: 120.3018, lat: 31.5747, datum: 'bd09', note: 'a\n"b"' },
			{ code: '008', name: "'=1", district: '惠山区', facilities: ['热水 器', 'a;b'], phone: '0510-83200000' }
		];
		const { plan } = await planOf(new TextEncoder().encode(JSON.stringify(list)), 'a.json', 'wgs84', EMPTY);
		const registry = after(EMPTY, plan);
		const bytes = await exportRegistry(registry.sites, registry.areas, format, TERMS);
		const again = after(EMPTY, (await planOf(bytes, `a.${format}`, 'unknown', EMPTY)).plan);
		expect(again.sites.map((site) => ({ ...site, districtCode: null }))).toEqual(
			registry.sites.map((site) => ({ ...site, districtCode: null }))
		);
	});

	it('[IM2] writes no cell that a spreadsheet would run', async () => {
		const names = ['=1+1', '+1', '-1', '@a', '＝1', "'=1", '|cmd', '%x'];
		const list = names.map((name, index) => ({ code: `c${index}`, name, alias: name }));
		const { plan } = await planOf(new TextEncoder().encode(JSON.stringify(list)), 'a.json', 'wgs84', EMPTY);
		const { sites, areas } = after(EMPTY, plan);
		const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await exportRegistry(sites, areas, 'csv', TERMS));
		for (const cell of csv.matchAll(/"((?:[^"]|"")*)"/g)) expect(cell[1]).not.toMatch(/^[=+\-@|%\t＝＋－＠]/);
		expect(csv.charCodeAt(0)).toBe(0xfeff);
	});
});
