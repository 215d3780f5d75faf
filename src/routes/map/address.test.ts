import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRESHNESS } from '#domain/freshness.ts';
import { MEASURES } from '#domain/measure.ts';
import { SITE_KINDS, TELEMETRY_CLASSES } from '#domain/site.ts';
import { STATUSES } from '#domain/table.ts';
import { DEFAULT_LAYERS } from '#lib/map/map-props.ts';
import { NO_FILTERS } from '#lib/panel/map/filters.ts';
import { SORTS } from '#lib/panel/map/need.ts';
import { HONOUR_LEVELS, readAddress, STARS, writeAddress, type MapAddress } from './address.ts';

const { kinds: _, ...LAYERS } = DEFAULT_LAYERS;
const USUAL: MapAddress = {
	place: null,
	layers: LAYERS,
	filters: NO_FILTERS,
	sort: 'need',
	isListAll: false,
	chosen: null,
	isCardOpen: false
};

const read = (text: string): MapAddress => readAddress(new URLSearchParams(text));

/** Some of the values, in their own order: the address does not keep the order in which they were chosen. */
const someOf = <T>(values: readonly T[]) => fc.subarray([...values]);

const places = fc.record({
	lng: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((value) => value / 100_000),
	lat: fc.integer({ min: -8_500_000, max: 8_500_000 }).map((value) => value / 100_000),
	zoom: fc.integer({ min: 28, max: 72 }).map((value) => value / 4)
});

const addresses: fc.Arbitrary<MapAddress> = fc
	.record({
		place: fc.option(places),
		layers: fc.record({
			choropleth: fc.option(
				fc.record({ measure: fc.constantFrom(...MEASURES), level: fc.constantFrom('district' as const, 'street') })
			),
			areas: fc.boolean(),
			labels: fc.boolean(),
			tiles: fc.boolean(),
			honours: fc.boolean()
		}),
		filters: fc.record({
			kind: someOf(SITE_KINDS),
			status: someOf(STATUSES),
			freshness: someOf(FRESHNESS),
			telemetry: someOf(TELEMETRY_CLASSES),
			hours: someOf(['24h']),
			star: someOf(STARS),
			honour: someOf(HONOUR_LEVELS),
			facility: someOf(['微波炉', 'AED', '电动车,换电', 'a&b=c'])
		}),
		sort: fc.constantFrom(...SORTS),
		isListAll: fc.boolean(),
		chosen: fc.option(fc.constantFrom('WX-1', '驿站 #7', 'a/b')),
		isCardOpen: fc.boolean()
	})
	.map((address) => ({ ...address, isCardOpen: address.chosen !== null && address.isCardOpen }));

describe('the address of the map', () => {
	it('comes back as it was written, whatever was chosen', () => {
		fc.assert(
			fc.property(addresses, (address) => {
				expect(read(writeAddress(address))).toEqual(address);
			})
		);
	});

	it('is empty when all is as usual', () => {
		expect(writeAddress(USUAL)).toBe('');
		expect(read('')).toEqual(USUAL);
	});

	it('can be read by people, values in one order', () => {
		const address: MapAddress = {
			...USUAL,
			place: { lng: 120.301234567, lat: 31.5712, zoom: 11.5 },
			layers: { ...LAYERS, choropleth: { measure: 'visitsToday', level: 'street' }, labels: false },
			filters: { ...NO_FILTERS, status: ['open', 'unknown'] },
			chosen: 'WX-1',
			isCardOpen: true
		};
		expect(writeAddress(address)).toBe(
			'lng=120.30123&lat=31.57120&z=11.5&color=visitsToday&by=street&hide=labels&status=unknown,open&site=WX-1'
		);
	});

	it('takes what it cannot read as usual', () => {
		expect(read('lng=x&lat=31&z=11&color=magic&status=on&sort=up&kind=castle&star=9&card=0&hide=all')).toEqual(USUAL);
		expect(read('lng=120&lat=99&z=11').place).toBeNull();
		expect(read('lng=120&lat=31').place).toBeNull();
		expect(read(`facility=${'很'.repeat(61)}`).filters.facility).toEqual([]);
	});
});
