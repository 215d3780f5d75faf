import { expect, it } from 'vitest';
import { emptyColumns, STATUS } from '#domain/table.ts';
import type { SiteBrief } from '#domain/view.ts';
import type { FilterView } from './filters.ts';
import { needOf, ordered } from './need.ts';

const NOW = Date.parse('2026-11-22T02:00:00Z');
const NAMES = ['丙', '乙', '甲', '丁', '戊'];

function view(): FilterView {
	const columns = emptyColumns(NAMES.length);
	const now = NOW / 1000;
	columns.status.set([STATUS.open, STATUS.closed_unplanned, STATUS.closed_unplanned, STATUS.unknown, STATUS.open]);
	columns.since.set([now - 10, now - 60, now - 600, 0, now - 10]);
	columns.seenAt.set([now, now, now, 0, now - 1000]);
	columns.visitsToday.set([3, 9, -1, -1, 4]);
	const sites = NAMES.map((name): SiteBrief => ({
		code: name,
		name,
		kind: 'service_station',
		district: null,
		street: null,
		lng: null,
		lat: null,
		lifecycle: 'open',
		telemetry: 'live',
		periodSeconds: 60
	}));
	return { sites, columns, facts: null, nowMs: NOW, isFeedStale: false };
}

const ROWS = [0, 1, 2, 3, 4];
const names = (rows: readonly number[]): string => rows.map((row) => NAMES[row]).join('');

it('need puts the longest closed first, then the silent, then the unknown, then the rest by name', () => {
	expect(names(ordered(view(), ROWS, 'need', 'zh-CN', null))).toBe('甲乙戊丁丙');
	expect(ROWS.map((row) => needOf(view(), row))).toEqual([
		'none',
		'closed_unplanned',
		'closed_unplanned',
		'unknown',
		'stale'
	]);
});

it('names are in the order of pinyin, visits from the most to what nobody knows', () => {
	expect(names(ordered(view(), ROWS, 'name', 'zh-CN', null))).toBe('丙丁甲戊乙');
	expect(names(ordered(view(), ROWS, 'visits', 'zh-CN', null))).toBe('乙戊丙丁甲');
});

it('an order that is held stays, and new rows follow at its end', () => {
	const held = new Map([3, 1, 0].map((row, place) => [row, place]));
	expect(ordered(view(), [0, 1, 2, 3], 'need', 'zh-CN', held)).toEqual([3, 1, 0, 2]);
});

it('lost mains and devices that are off ask for a look, unless they are old news', () => {
	const shown = view();
	shown.columns.mains[0] = 2;
	expect(needOf(shown, 0)).toBe('mains_lost');
	expect(needOf({ ...shown, isFeedStale: true }, 0)).toBe('stale');
	shown.columns.mains[0] = 1;
	shown.columns.devicesOnline[0] = 4;
	shown.columns.devicesTotal[0] = 5;
	expect(needOf(shown, 0)).toBe('devices_offline');
});
