import { describe, expect, it } from 'vitest';
import { cellText, comparer, filterRows, type TableColumn } from './table-column.ts';

interface Row {
	readonly name: string;
	readonly visits: number | null;
}

const columns: TableColumn<Row>[] = [
	{ id: 'name', label: 'name', value: ({ name }) => name },
	{ id: 'visits', label: 'visits', value: ({ visits }) => visits }
];
const rows: Row[] = [
	{ name: '南门 East', visits: 12 },
	{ name: '北门', visits: null },
	{ name: 'east gate', visits: 3 }
];

describe('a table', () => {
	it('writes what is not known as a dash', () => {
		expect(cellText(columns[1]!, rows[1]!)).toBe('–');
	});

	it('keeps the rows that hold every word, in any column, whatever the case', () => {
		expect(filterRows(rows, columns, ' EAST 12 ')).toEqual([rows[0]]);
		expect(filterRows(rows, columns, 'east')).toEqual([rows[0], rows[2]]);
		expect(filterRows(rows, columns, 'west')).toEqual([]);
	});

	it('hands back the same rows when nothing is asked', () => {
		expect(filterRows(rows, columns, '  ')).toBe(rows);
	});

	it('sorts figures by size, names by the sound of the language, and numbers in names by size', () => {
		const compare = comparer('zh-CN');
		expect([10, 9, 100].sort(compare)).toEqual([9, 10, 100]);
		expect(['新吴', '滨湖', '江阴'].sort(compare)).toEqual(['滨湖', '江阴', '新吴']);
		expect(['站10', '站9'].sort(compare)).toEqual(['站9', '站10']);
	});
});
