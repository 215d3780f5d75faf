import { describe, expect, it } from 'vitest';
import write from 'write-excel-file/node';
import { mapColumns } from '#server/registry/columns.ts';
import { readTable, type Table } from '#server/registry/table.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function tableOf(bytes: Uint8Array, fileName: string): Promise<Table> {
	const result = await readTable(bytes, fileName);
	if (!result.ok) throw new Error(result.problem.message);
	return result.table;
}

const feature = (geometry: unknown, properties: unknown = { name: 'a' }) => ({ type: 'Feature', geometry, properties });
const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });

describe('reading GeoJSON', () => {
	it('takes properties as columns and the point as two more', async () => {
		const point = { type: 'Point', coordinates: [120.3, 31.5, 4] };
		const table = await tableOf(
			utf8(collection(feature(point), feature(null, { name: 'b', code: '007' }))),
			'a.geojson'
		);
		expect(table).toMatchObject({ format: 'geojson', headers: ['name', 'code', 'geometry.lng', 'geometry.lat'] });
		expect(table.rows.map(({ cells }) => cells)).toEqual([
			['a', undefined, 120.3, 31.5],
			['b', '007', undefined, undefined]
		]);
		expect([...mapColumns(table.headers).places.keys()]).toEqual(['name', 'code', 'lng', 'lat']);
	});

	it('asks the properties for coordinates where they have some, for the two may be of different datums', async () => {
		const point = { type: 'Point', coordinates: [120.3, 31.5] };
		const table = await tableOf(utf8(collection(feature(point, { name: 'a', lng: 120.31, lat: 31.51 }))), 'a.json');
		const { places } = mapColumns(table.headers);
		expect([places.get('lng'), places.get('lat')]).toEqual([1, 2]);
	});

	it('refuses shapes and what is no feature, one by one', async () => {
		const line = { type: 'LineString', coordinates: [[1, 2]] };
		const table = await tableOf(
			utf8(collection(feature(line), 7, feature({ type: 'Point' }), feature(null))),
			'a.geojson'
		);
		expect(table.errors.map(({ line: place, code }) => [place, code])).toEqual([
			[1, 'geometry_no_point'],
			[2, 'row_no_feature'],
			[3, 'geometry_no_point']
		]);
		expect(table).toMatchObject({ unit: 'element', rows: [{ line: 4 }] });
	});
});

describe('reading JSON on one line', () => {
	it('counts elements instead of lines', async () => {
		const table = await tableOf(utf8('[{"name":"a"},{"name":"b"},5]'), 'a.json');
		expect(table.unit).toBe('element');
		expect(table.rows.map(({ line }) => line)).toEqual([1, 2]);
		expect(table.errors).toMatchObject([{ line: 3 }]);
	});

	it('names the place at which it breaks', async () => {
		const result = await readTable(utf8('[{"name":"a"},{"name":"b",}]'), 'a.json');
		expect(result).toMatchObject({ ok: false, problem: { code: 'json_broken' } });
		expect(result.ok ? '' : result.problem.message).toContain('line 1, column 27, in element 2');
	});

	it('refuses a cell that nests too deeply, and reads the others', async () => {
		const table = await tableOf(
			utf8(`[{"name":"a","note":${'['.repeat(5000)}${']'.repeat(5000)}},{"name":"b"}]`),
			'a.json'
		);
		expect(table.errors).toMatchObject([{ code: 'cell_too_deep', column: 'note' }]);
		expect(table.rows).toHaveLength(1);
		// the list of errors writes every cell of the row
		expect(table.leftOut).toEqual([{ line: 1, cells: ['a', undefined] }]);
	});

	it('takes what a row says, and not what every object of the language has', async () => {
		const table = await tableOf(utf8('[{"name":"a","toString":"x","__proto__":"y"},{"name":"b"}]'), 'a.json');
		expect(table.headers).toEqual(['name', 'toString', '__proto__']);
		expect(table.rows.map(({ cells }) => cells)).toEqual([
			['a', 'x', 'y'],
			['b', undefined, undefined]
		]);
	});
});

describe('reading a workbook', () => {
	const text = (value: string) => ({ value, type: String });
	const book = (rows: unknown[][]) => write(rows as never).toBuffer();

	it('keeps texts as they are and gives numbers their digits', async () => {
		const table = await tableOf(
			await book([
				['code', 'name', 'lng', 'area'].map(text),
				[text('1E5'), text('_x005F_x0041_'), { value: 120.1 + 0.2, type: Number }, { value: 1.5e-7, type: Number }],
				[text('007'), text(' b '), { value: 120, type: Number }, null]
			]),
			'a.xlsx'
		);
		expect(table.rows).toEqual([
			{ line: 2, cells: ['1E5', '_x0041_', '120.3', '0.00000015'] },
			{ line: 3, cells: ['007', 'b', '120', ''] }
		]);
	});

	it('reads dates and times of day as texts', async () => {
		const date = (value: Date, format: string) => ({ value, type: Date, format });
		const table = await tableOf(
			await book([
				['name', 'opened_on', 'hours'].map(text),
				[
					text('a'),
					date(new Date(Date.UTC(2024, 4, 1)), 'yyyy/mm/dd'),
					date(new Date(Date.UTC(2024, 4, 1, 8, 30)), 'yyyy-mm-dd hh:mm')
				]
			]),
			'a.xlsx'
		);
		expect(table.rows[0]?.cells).toEqual(['a', '2024-05-01', '2024-05-01 08:30']);
	});

	it('keeps the number of a row below empty ones, and drops empty columns at the edge', async () => {
		const table = await tableOf(
			await book([[text('一览表')], [], ['名称', '区县', ''].map(text), [], [text('甲'), text('惠山区'), text('')]]),
			'a.xlsx'
		);
		expect(table).toMatchObject({ headerLine: 3, headers: ['名称', '区县'], rows: [{ line: 5 }] });
	});
});
