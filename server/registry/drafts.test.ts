import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { mapColumns } from '#server/registry/columns.ts';
import { readDrafts } from '#server/registry/drafts.ts';
import { readTable } from '#server/registry/table.ts';

const LIST = [
	'站点名称,区县,经度,纬度,备注',
	'钱桥驿站,惠山区,120.2,31.6,"一楼\n二楼"',
	'换位驿站,惠山区,31.6,120.2,',
	'零点驿站,惠山区,0,0,',
	'度分秒驿站,惠山区,"120°12′00″","31°36′00″",',
	',惠山区,120.2,31.6,没有名称',
	'多一格驿站,惠山区,120.2,31.6,a,b',
	'无坐标驿站,惠山区,,,'
].join('\n');

async function draftsOf(bytes: Uint8Array) {
	const result = await readTable(bytes, 'stations.csv');
	if (!result.ok) throw new Error(result.problem.message);
	return { ...readDrafts(result.table, mapColumns(result.table.headers), 'wgs84'), encoding: result.table.encoding };
}

describe('reading the drafts of a file', () => {
	it.each(['utf-8', 'gb18030'])('keeps the good rows of a %s file and names the bad ones by line', async (encoding) => {
		const reading = await draftsOf(iconv.encode(LIST, encoding));
		expect(reading).toMatchObject({ rows: 7, encoding });
		expect(reading.drafts.map(({ line, values }) => [line, values.name])).toEqual([
			[2, '钱桥驿站'],
			[4, '换位驿站'],
			[9, '无坐标驿站']
		]);
		expect(reading.errors.map(({ line, code }) => [line, code])).toEqual([
			[5, 'coordinates_zero'],
			[6, 'coordinates_no_number'],
			[7, 'name_missing'],
			[8, 'too_many_cells']
		]);
		expect(reading.warnings.map(({ line, code }) => [line, code])).toEqual([
			[4, 'coordinates_swapped'],
			[9, 'coordinates_missing']
		]);
	});

	it('says once, not in every row, that whole columns are missing', async () => {
		const { drafts, warnings } = await draftsOf(new TextEncoder().encode('code,name\n1,a\n2,b\n'));
		expect(drafts).toHaveLength(2);
		expect(warnings.map(({ code }) => code)).toEqual(['no_coordinate_columns', 'no_district_column']);
	});

	it('refuses a file without a column of names', async () => {
		const { drafts, errors } = await draftsOf(new TextEncoder().encode('foo,bar\n1,2\n'));
		expect(drafts).toEqual([]);
		expect(errors).toMatchObject([{ line: 1, code: 'no_name_column' }]);
	});
});
