import { describe, expect, it } from 'vitest';
import { checkMapping } from './mapping-check.ts';

describe('the check of a column mapping', () => {
	it('is content with a name, a district and both coordinates', () => {
		expect(checkMapping(['name', 'district', 'lng', 'lat', null], ['name'])).toEqual({ problems: [], notes: [] });
	});

	it('takes one column with both coordinates for a place, and a code for a district', () => {
		expect(checkMapping(['name', 'lngLat', 'districtCode'], ['name'])).toEqual({ problems: [], notes: [] });
	});

	it('asks for what is required', () => {
		expect(checkMapping(['code', 'lngLat', 'district'], ['name']).problems).toEqual([
			{ kind: 'required', field: 'name' }
		]);
	});

	it('refuses one field twice, and says so once', () => {
		expect(checkMapping(['name', 'note', 'note', 'note', 'lngLat', 'district'], ['name']).problems).toEqual([
			{ kind: 'taken', field: 'note' }
		]);
	});

	it('refuses half a place and names the half that lacks', () => {
		expect(checkMapping(['name', 'district', 'lng'], ['name']).problems).toEqual([
			{ kind: 'half_place', field: 'lat' }
		]);
		expect(checkMapping(['name', 'district', 'lat'], ['name']).problems).toEqual([
			{ kind: 'half_place', field: 'lng' }
		]);
	});

	it('tells of sites that will stand on no map and in no district', () => {
		expect(checkMapping(['name'], ['name'])).toEqual({ problems: [], notes: ['no_place', 'no_district'] });
	});
});
