import { expect, test } from 'vitest';
import type { DeviceState, SupplyState } from '#domain/state.ts';
import { station } from '#test/support/stations.ts';
import { equipmentOf } from './equipment.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');

const device = (slot: number, name: string, state: DeviceState['state'], at = NOW): DeviceState => ({
	slot,
	device: name,
	kind: 'door',
	state,
	reason: null,
	at
});
const supply = (slot: number, item: string, quantity: number, expiresOn: string | null): SupplyState => ({
	slot,
	item,
	quantity,
	expiresOn,
	at: NOW
});

function stateOf(devices: readonly DeviceState[], supplies: readonly SupplyState[]) {
	const sites = [station(0), { ...station(1), lifecycle: 'closed' as const }, { ...station(2), district: 'D-other' }];
	const group = <R extends { slot: number }>(records: readonly R[], name: (record: R) => string) =>
		new Map(
			[0, 1, 2].map((slot) => [
				slot,
				new Map(records.filter((one) => one.slot === slot).map((one) => [name(one), one]))
			])
		);
	return { sites, devices: group(devices, (one) => one.device), supplies: group(supplies, (one) => one.item) };
}

test('counts devices by kind and lists those that do not work, the longest first', () => {
	const state = stateOf(
		[device(0, 'a', 'online'), device(0, 'b', 'fault', NOW - 1000), device(2, 'c', 'offline', NOW - 5000)],
		[]
	);
	const found = equipmentOf(state, { level: 'city' }, NOW);
	expect(found?.deviceKinds).toEqual([{ kind: 'door', online: 1, offline: 1, fault: 1 }]);
	expect(found?.devices.map(({ device: name }) => name)).toEqual(['c', 'b']);
	expect(found).toMatchObject({ devicesInNeed: 2, sitesWithDevices: 2, sitesWithSupplies: 0, supplyItems: 0 });
});

test('tells supplies that are past their date, used up, or about to expire, in this order', () => {
	const supplies = [
		supply(0, 'soon', 3, '2026-11-29'),
		supply(0, 'later', 3, '2026-11-30'),
		supply(0, 'gone', 0, '2026-01-01'),
		supply(0, 'past', 2, '2026-11-21'),
		supply(0, 'today', 2, '2026-11-22'),
		supply(0, 'undated', 1, null)
	];
	const found = equipmentOf(stateOf([], supplies), { level: 'city' }, NOW);
	expect(found?.supplies.map(({ item, problem }) => [item, problem])).toEqual([
		['past', 'expired'],
		['gone', 'empty'],
		['soon', 'expiring'],
		['today', 'expiring']
	]);
	expect(found?.supplyItems).toBe(6);
});

test('leaves out what lies outside the scope or is not in service', () => {
	const state = stateOf([device(0, 'a', 'offline'), device(1, 'b', 'offline'), device(2, 'c', 'offline')], []);
	const found = equipmentOf(state, { level: 'district', code: 'D-other' }, NOW);
	expect(found?.devices.map(({ device: name }) => name)).toEqual(['c']);
	expect(equipmentOf(state, { level: 'district', code: 'nowhere' }, NOW)).toBeNull();
});
