/**
 * The exact view as an address, so that a link shows somebody else what one sees: place, layers, filters, order, chosen site.
 * The language is left out: it belongs to the reader. What is as usual is left out; what cannot be read is as usual. Pure.
 */
import { FRESHNESS } from '#domain/freshness.ts';
import { MEASURES, type MeasureId } from '#domain/measure.ts';
import { SITE_KINDS, TELEMETRY_CLASSES, type SiteKind } from '#domain/site.ts';
import { STATUSES } from '#domain/table.ts';
import { DEFAULT_LAYERS, type AreaMapLevel, type MapLayers, type MapPlace } from '#lib/map/map-props.ts';
import { FACETS, isActive, NO_FILTERS, ROUND_THE_CLOCK, type Facet, type Filters } from '#lib/panel/map/filters.ts';
import { SORTS, type Sort } from '#lib/panel/map/need.ts';

export interface MapAddress {
	/** null = all sites */
	readonly place: MapPlace | null;
	readonly layers: Omit<MapLayers, 'kinds'>;
	readonly filters: Filters;
	readonly sort: Sort;
	/** the list shows all, not only what the map shows */
	readonly isListAll: boolean;
	/** code of the marked site */
	readonly chosen: string | null;
	readonly isCardOpen: boolean;
}

/** Switches of the layers, by what is usual. */
const SWITCHES = ['areas', 'labels', 'tiles', 'honours'] as const;
export const HONOUR_LEVELS = ['national', 'provincial', 'city', 'other'] as const;
export const STARS = ['5', '4', '3', '2', '1'] as const;
/** Words of facilities are the registry's own; a made-up address must not grow a page. */
const MOST_FACILITIES = 30;
const LONGEST_FACILITY = 60;
/** Zooms of the map. */
const [LEAST_ZOOM, MOST_ZOOM] = [3, 20];

const CHOICES: Readonly<Record<Exclude<Facet, 'facility'>, readonly string[]>> = {
	kind: SITE_KINDS,
	status: STATUSES,
	freshness: FRESHNESS,
	telemetry: TELEMETRY_CLASSES,
	hours: [ROUND_THE_CLOCK],
	star: STARS,
	honour: HONOUR_LEVELS
};

export function readAddress(query: URLSearchParams): MapAddress {
	const chosen = query.get('site') || null;
	return {
		place: placeOf(query),
		layers: layersOf(query),
		filters: filtersOf(query),
		sort: SORTS.find((sort) => sort === query.get('sort')) ?? 'need',
		isListAll: query.get('list') === 'all',
		chosen,
		isCardOpen: chosen !== null && query.get('card') !== '0'
	};
}

/** Without the question mark; empty when all is as usual. */
export function writeAddress(address: MapAddress): string {
	const { place, layers, filters, chosen } = address;
	const query = new URLSearchParams();
	if (place) {
		// 0.00001° is about a metre.
		query.set('lng', place.lng.toFixed(5));
		query.set('lat', place.lat.toFixed(5));
		query.set('z', String(Math.round(place.zoom * 100) / 100));
	}
	if (layers.choropleth) {
		query.set('color', layers.choropleth.measure);
		query.set('by', layers.choropleth.level);
	}
	const turned = SWITCHES.filter((name) => layers[name] !== DEFAULT_LAYERS[name]);
	const [hidden, shown] = [turned.filter((name) => !layers[name]), turned.filter((name) => layers[name])];
	if (hidden.length > 0) query.set('hide', hidden.join());
	if (shown.length > 0) query.set('show', shown.join());
	for (const facet of FACETS) {
		if (!isActive(filters, facet)) continue;
		if (facet === 'facility') for (const word of filters.facility) query.append(facet, word);
		// In the order of the page, so that one view has one address.
		else query.set(facet, CHOICES[facet].filter((value) => filters[facet].includes(value)).join());
	}
	if (address.sort !== 'need') query.set('sort', address.sort);
	if (address.isListAll) query.set('list', 'all');
	if (chosen !== null) query.set('site', chosen);
	if (chosen !== null && !address.isCardOpen) query.set('card', '0');
	// A comma may stand in a query as it is, and is easier to read.
	return query.toString().replaceAll('%2C', ',');
}

function placeOf(query: URLSearchParams): MapPlace | null {
	const numberOf = (name: string): number => Number(query.get(name) || NaN);
	const [lng, lat, zoom] = [numberOf('lng'), numberOf('lat'), numberOf('z')];
	const isReal = Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= LEAST_ZOOM && zoom <= MOST_ZOOM;
	return isReal ? { lng, lat, zoom } : null;
}

function layersOf(query: URLSearchParams): MapAddress['layers'] {
	const measure = MEASURES.find((id): id is MeasureId => id === query.get('color'));
	const level: AreaMapLevel = query.get('by') === 'street' ? 'street' : 'district';
	const hidden = listOf(query, 'hide');
	const shown = listOf(query, 'show');
	const isOn = (name: (typeof SWITCHES)[number]): boolean =>
		shown.includes(name) || (DEFAULT_LAYERS[name] && !hidden.includes(name));
	return {
		choropleth: measure ? { measure, level } : null,
		areas: isOn('areas'),
		labels: isOn('labels'),
		tiles: isOn('tiles'),
		honours: isOn('honours')
	};
}

const listOf = (query: URLSearchParams, name: string): string[] => query.get(name)?.split(',') ?? [];

function filtersOf(query: URLSearchParams): Filters {
	const known = (facet: Exclude<Facet, 'facility'>): string[] =>
		CHOICES[facet].filter((value) => listOf(query, facet).includes(value));
	const kinds = known('kind') as SiteKind[];
	return {
		// An address may ask for no kind at all; one that says nothing asks for the usual ones.
		kind: query.has('kind') && (kinds.length > 0 || query.get('kind') === '') ? kinds : NO_FILTERS.kind,
		status: known('status'),
		freshness: known('freshness'),
		telemetry: known('telemetry'),
		hours: known('hours'),
		star: known('star'),
		honour: known('honour'),
		facility: [...new Set(query.getAll('facility'))]
			.filter((word) => word !== '' && word.length <= LONGEST_FACILITY)
			.slice(0, MOST_FACILITIES)
	};
}
