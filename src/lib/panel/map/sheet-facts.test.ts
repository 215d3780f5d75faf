import { expect, it } from 'vitest';
import type { StationView } from '#domain/view.ts';
import {
	sheetDevices,
	sheetFacts,
	sheetFigures,
	sheetHours,
	sheetSupplies,
	type SheetRegistry
} from './sheet-facts.ts';

/** A Sunday, 10:00 in Shanghai. */
const NOW = Date.parse('2026-11-22T02:00:00Z');

const SILENT: StationView = {
	code: 'S-1',
	name: '钱桥驿站',
	kind: 'service_station',
	district: null,
	street: null,
	lng: 120.23451,
	lat: 31.6789,
	lifecycle: 'open',
	telemetry: 'live',
	status: 'unknown',
	since: null,
	inside: null,
	visitsToday: null,
	temperatureC: null,
	humidityPct: null,
	co2Ppm: null,
	devicesOnline: null,
	devicesTotal: null,
	mains: null,
	quality: null,
	occupations: null,
	postedSeconds: null,
	openSeconds: null,
	unknownSeconds: null,
	asOf: null,
	freshness: 'none'
};

const FACTS: SheetRegistry = {
	externalCode: null,
	alias: null,
	address: null,
	hoursText: '工作日 08:30-17:30',
	hours: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: 510, to: 1050 }] : [])),
	hoursExceptions: [],
	openedOn: null,
	facilities: [],
	services: [],
	entryMethods: [],
	honours: [],
	star: null,
	capacity: 8,
	floorAreaM2: null,
	ownership: 'union',
	hostType: null,
	originalLng: 120.23,
	originalLat: 31.68,
	datum: 'gcj02',
	updatedAt: '2026-11-01T00:00:00Z',
	problems: []
};

it('what nobody told is a dash, never 0 [FR1]', () => {
	expect(sheetFigures(SILENT, null).map(({ text }) => text)).toEqual(Array.from({ length: 8 }, () => '–'));
	expect(sheetFigures(SILENT, null).some(({ isAlert }) => isAlert)).toBe(false);
	expect(sheetHours(null, NOW).today).toBe('–');
});

it('more people than fit, devices that are off and lost mains ask for a look', () => {
	const station = { ...SILENT, inside: 9, devicesOnline: 3, devicesTotal: 5, mains: false };
	const alerts = sheetFigures(station, FACTS).filter(({ isAlert }) => isAlert);
	expect(alerts.map(({ id }) => id)).toEqual(['inside', 'devices', 'mains']);
	expect(alerts[0]).toMatchObject({ text: '9', unit: '/ 8' });
});

it('kept hours are a share of what was promised until now', () => {
	const station = { ...SILENT, postedSeconds: 7200, openSeconds: 5400, unknownSeconds: 0 };
	expect(sheetFigures(station, FACTS).find(({ id }) => id === 'fulfilment')).toMatchObject({ text: '75%' });
});

it('a closed day says so, and when the site opens next', () => {
	expect(sheetHours(FACTS, NOW)).toEqual({
		today: '全天关闭',
		next: '11-23 08:30 开门',
		posted: '工作日 08:30-17:30',
		note: null
	});
});

it('expired supplies come first, and each tells its age', () => {
	const supplies = [
		{ item: '饮用水', quantity: 24, expiresOn: null, at: NOW },
		{ item: '藿香正气水', quantity: 3, expiresOn: '2026-11-21', at: NOW - 3_600_000 },
		{ item: '创可贴', quantity: 9, expiresOn: '2027-01-01', at: NOW }
	];
	const shown = sheetSupplies({ devices: [], supplies, occupations: [] }, NOW);
	expect(shown.map(({ item, isExpired }) => [item, isExpired])).toEqual([
		['藿香正气水', true],
		['创可贴', false],
		['饮用水', false]
	]);
	expect(shown[0]?.age).toBe('1 小时前');
	expect(shown[2]?.expiry).toBe('–');
});

it('devices that do not work come first', () => {
	const device = (name: string, state: string) => ({ device: name, kind: 'door', state, reason: null, at: NOW });
	const devices = [device('a', 'online'), device('c', 'fault'), device('b', 'offline')];
	expect(sheetDevices({ devices, supplies: [], occupations: [] }).map((one) => one.device)).toEqual(['b', 'c', 'a']);
	expect(sheetDevices(null)).toEqual([]);
});

it('the registry tells its own pair of coordinates where it was given in another datum', () => {
	const facts = new Map(sheetFacts(SILENT, FACTS).map(({ id, text }) => [id, text]));
	expect(facts.get('coordinates')).toBe('120.23451, 31.67890');
	expect(facts.get('original')).toBe('120.23000, 31.68000');
	expect(facts.get('ownership')).toBe('工会自建');
	expect(facts.get('address')).toBe('–');
	expect([...facts.keys()]).not.toContain('phone');
	expect(sheetFacts(SILENT, { ...FACTS, datum: 'wgs84' }).some(({ id }) => id === 'original')).toBe(false);
});
