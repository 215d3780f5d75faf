import { describe, expect, it } from 'vitest';
import {
	choicesOf,
	levelsOf,
	placesOf,
	scopeOf,
	stationOptions,
	usualLevel,
	type NamedPlaces
} from './scope-choice.ts';

const places: NamedPlaces = {
	districts: [
		{ code: '320213', name: '梁溪区' },
		{ code: '320205', name: '锡山区' }
	],
	streets: [
		{ code: '320213001', name: '崇安寺街道', district: '320213' },
		{ code: '320205001', name: '东亭街道', district: null }
	],
	sites: [
		{ code: 'WX-1', name: '南禅寺驿站', district: '320213', street: '320213001' },
		{ code: 'WX-2', name: '东亭驿站', district: '320205', street: '320205001' }
	]
};
const nothing = { level: 'station', district: '', street: '', station: '' } as const;
const codes = (list: readonly { code: string }[] | null) => list?.map(({ code }) => code) ?? null;

describe('a scope is chosen', () => {
	it('in the levels that the role knows, within what may be proposed', () => {
		expect(levelsOf('leader', ['city'])).toEqual(['city']);
		expect(levelsOf('keeper', ['city'])).toEqual(['station']);
		expect(levelsOf('duty_officer', ['city'])).toEqual(['city', 'district', 'street', 'station']);
		expect(levelsOf('street_admin', ['district:320213'])).toEqual(['district', 'street', 'station']);
		expect(levelsOf('leader', ['district:320213'])).toEqual([]);
		expect(usualLevel('street_admin', ['district', 'street', 'station'])).toBe('street');
		expect(usualLevel('duty_officer', ['city', 'district'])).toBe('city');
	});

	it('from the places below what was chosen, also where only the code tells the district', () => {
		const chosen = choicesOf(places, { ...nothing, district: '320205' }, ['city']);
		expect(codes(chosen.districts)).toEqual(['320213', '320205']);
		expect(codes(chosen.streets)).toEqual(['320205001']);
		expect(codes(chosen.sites)).toEqual(['WX-2']);
	});

	it('from the own area alone by who proposes for one', () => {
		const own = choicesOf(places, nothing, ['district:320213']);
		expect([codes(own.districts), codes(own.streets), codes(own.sites)]).toEqual([['320213'], ['320213001'], ['WX-1']]);
	});

	it('with stations told apart by their street, or by their district where that is all one knows', () => {
		expect(stationOptions(places)).toEqual([
			{ value: 'WX-1', label: '南禅寺驿站 · 崇安寺街道' },
			{ value: 'WX-2', label: '东亭驿站 · 东亭街道' }
		]);
		const { sites, ...rest } = placesOf({
			areas: [{ code: '320213', name: '梁溪区', level: 'district', parentCode: null }],
			stations: [
				{ code: 'WX-1', name: '南禅寺驿站', district: '320213', street: '320213001' },
				{ code: 'WX-3', name: '流动驿站', district: null, street: null }
			]
		});
		expect(rest).toEqual({ districts: [expect.objectContaining({ name: '梁溪区' })], streets: [] });
		expect(stationOptions({ sites, ...rest }).map(({ label }) => label)).toEqual(['南禅寺驿站 · 梁溪区', '流动驿站']);
	});

	it('and is no scope while something is left to choose', () => {
		expect(scopeOf(nothing)).toBeNull();
		expect(scopeOf({ ...nothing, station: ' WX-1 ' })).toBe('station:WX-1');
		expect(scopeOf({ ...nothing, level: 'city' })).toBe('city');
	});
});
