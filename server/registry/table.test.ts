import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readTable, type Table } from '#server/registry/table.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function tableOf(bytes: Uint8Array, fileName = 'stations.csv'): Promise<Table> {
	const result = await readTable(bytes, fileName);
	if (!result.ok) throw new Error(result.problem.message);
	return result.table;
}

async function problemOf(bytes: Uint8Array, fileName = 'stations.csv') {
	const result = await readTable(bytes, fileName);
	return result.ok ? null : { line: result.problem.line, code: result.problem.code };
}

const SHEET = '站点名称,地址\n钱桥驿站,"钱藕路1号\n二楼"\n\n张泾驿站,张泾路2号\n';

describe('reading a table', () => {
	it.each([
		['UTF-8', utf8(SHEET), 'utf-8'],
		['UTF-8 with a byte order mark', utf8('\ufeff' + SHEET), 'utf-8'],
		['GB18030', iconv.encode(SHEET, 'gb18030'), 'gb18030'],
		['UTF-16 as Excel writes it', iconv.encode(SHEET.replaceAll(',', '\t'), 'utf-16le', { addBOM: true }), 'utf-16le'],
		['Windows line ends', utf8(SHEET.replaceAll('\n', '\r\n')), 'utf-8']
	])('reads CSV in %s and counts lines through quoted line breaks', async (_, bytes, encoding) => {
		const table = await tableOf(bytes);
		expect(table.encoding).toBe(encoding);
		expect(table.headers).toEqual(['站点名称', '地址']);
		expect(table.rows).toEqual([
			{ line: 2, cells: ['钱桥驿站', '钱藕路1号\n二楼'] },
			{ line: 5, cells: ['张泾驿站', '张泾路2号'] }
		]);
	});

	it.each([',', ';', '\t'])('finds the delimiter %j', async (delimiter) => {
		const lines = [
			['name', 'lng', 'lat'],
			['"a, b; c\td"', '1', '2']
		];
		const table = await tableOf(utf8(lines.map((cells) => cells.join(delimiter)).join('\n')));
		expect(table.headers).toEqual(['name', 'lng', 'lat']);
		expect(table.rows[0]?.cells).toEqual(['a, b; c\td', '1', '2']);
	});

	it('skips a title above the headers and lines that hold only delimiters', async () => {
		const table = await tableOf(utf8('无锡市工会驿站一览表,,\n,,\n名称,经度,纬度\n,,\n钱桥,120.2,31.6\n'));
		expect(table.headerLine).toBe(3);
		expect(table.rows).toEqual([{ line: 5, cells: ['钱桥', '120.2', '31.6'] }]);
	});

	it('refuses a row with more cells than headers, by line, and reads the rest', async () => {
		const table = await tableOf(utf8('name,address\na,b,c\nd,e,\nf\n'));
		expect(table.errors).toMatchObject([{ line: 2, code: 'too_many_cells' }]);
		expect(table.rows.map((row) => row.line)).toEqual([3, 4]);
	});

	it('reads a JSON array with the line on which each object begins', async () => {
		const json = '[\n  {"name": "a \\" [{", "tags": ["x", {"y": 1}]},\n  7,\n\n  {\n "name": "b" }, {"name": "c"}\n]';
		const table = await tableOf(utf8(json), 'stations.json');
		expect(table.rows.map((row) => [row.line, row.cells[0]])).toEqual([
			[2, 'a " [{'],
			[5, 'b'],
			[6, 'c']
		]);
		expect(table.errors).toMatchObject([{ line: 3, code: 'row_no_object' }]);
	});

	it.each([
		['an XLSX file cut off', Uint8Array.of(0x50, 0x4b, 3, 4), 'xlsx_broken'],
		['a PDF', Uint8Array.of(0x25, 0x50, 0x44, 0x46), 'file_not_text'],
		['no known encoding', Uint8Array.of(0x61, 0xff, 0xff), 'encoding_unknown'],
		['nothing', utf8(' \n'), 'file_empty'],
		['an open quote', utf8('name,x\n"a,1\nb,2\n'), 'csv_broken'],
		['broken JSON', utf8('[{"name": }]'), 'json_broken']
	])('refuses a file with %s', async (_, bytes, code) => expect((await problemOf(bytes))?.code).toBe(code));

	it('refuses JSON that is no array', async () =>
		expect(await problemOf(utf8('{"name":"a"}'), 'a.json')).toEqual({ line: 1, code: 'json_no_array' }));
});
