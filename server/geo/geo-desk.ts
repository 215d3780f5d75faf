/**
 * The map's ground as the server knows it: areas for this revision of the registry and these files of the deployer, made
 * once and kept. Service areas are computed again when sites change, polygons read again when a file does.
 */
import { topology } from 'topojson-server';
import { prepareJson, type Prepared } from '#server/http/prepared.ts';
import type { CodedArea, PlacedSite } from '#server/store/geo-store.ts';
import { areaFinder, type AreaAt, type AreaFinder } from './area-finder.ts';
import { columnsOf, computeServiceAreas } from './areas-job.ts';
import { BasemapFolder, type FolderContent } from './basemap-folder.ts';
import type { GeoProblem } from './geo-problem.ts';
import { readMapSettings, type MapSettings } from './map-settings.ts';
import { officialAreas, type OfficialAreas } from './official-areas.ts';
import type { AreaFeature, AreaFeatures, ServiceAreas } from './service-areas.ts';
import { tileOrigins } from './tile-origins.ts';

export interface GeoDeskOptions {
	/** `DATA_DIR/basemap`; need not exist */
	readonly folder: string;
	readonly registry: GeoRegistry;
}

export interface GeoRegistry {
	revision(): Promise<number>;
	load(): Promise<{ sites: PlacedSite[]; areas: CodedArea[] }>;
}

interface Edition {
	readonly areas: Prepared;
	readonly map: Prepared;
	readonly find: AreaFinder;
}

interface Computed {
	readonly revision: number;
	readonly areas: readonly CodedArea[];
	readonly shapes: ServiceAreas;
}

/** Degrees: a step of the grid that shapes are rounded to, about a metre. */
const GRID_STEP = 1e-5;
const LEAST_STEPS = 1e4;
const MOST_STEPS = 1e6;

export class GeoDesk {
	readonly #folder: BasemapFolder;
	readonly #registry: GeoRegistry;
	#computed: Promise<Computed> | null = null;
	#computedFor = -1;
	#edition: Promise<Edition> | null = null;
	#editionKey = '';
	#find: AreaFinder = () => null;
	#tiles: readonly string[] = [];
	#tilesFor = '';

	constructor({ folder, registry }: GeoDeskOptions) {
		this.#folder = new BasemapFolder(folder);
		this.#registry = registry;
	}

	/** What both doors answer, current. Asked for at the same time, it is made once. */
	async edition(): Promise<Edition> {
		const [revision, content] = await Promise.all([this.#registry.revision(), this.#folder.read()]);
		const key = `${revision}\n${content.mark}`;
		if (!this.#edition || this.#editionKey !== key) {
			this.#editionKey = key;
			const isCurrent = () => this.#editionKey === key;
			this.#edition = this.#make(revision, content)
				.then((edition) => {
					if (isCurrent()) this.#find = edition.find;
					return edition;
				})
				.catch((error: unknown) => {
					if (isCurrent()) this.#edition = null;
					throw error;
				});
		}
		return this.#edition;
	}

	/**
	 * The areas a point lies in, WGS-84 degrees; null where there are none, or none have been made yet: wait for
	 * `edition()` before asking for many.
	 */
	areaAt(lng: number, lat: number): AreaAt | null {
		return this.#find(lng, lat);
	}

	/** Origins of the map tiles as `map.json` says now; asked for with every page, so nothing is made for it. */
	async tileOrigins(): Promise<readonly string[]> {
		const { settings, mark } = await this.#folder.read();
		if (this.#tilesFor !== mark) {
			this.#tiles = tileOrigins(readMapSettings(settings).settings.tiles);
			this.#tilesFor = mark;
		}
		return this.#tiles;
	}

	async #make(revision: number, content: FolderContent): Promise<Edition> {
		const { areas, shapes } = await this.#compute(revision);
		const { settings, problems } = readMapSettings(content.settings);
		const official = officialAreas(content.polygons, areas);
		const isOfficial = official.districts.length + official.streets.length > 0;
		const chosen = {
			districts: instead(official.districts, shapes.districts),
			streets: instead(official.streets, shapes.streets)
		};
		const { reviewNumber, attribution } = settings;
		const source = isOfficial ? 'official' : 'computed';
		const body = { revision, source, reviewNumber, attribution, topology: topologyOf(chosen) };
		const missing = isOfficial && reviewNumber === null ? [NO_REVIEW_NUMBER] : [];
		const told = [...content.problems, ...problems, ...official.problems, ...missing];
		return {
			areas: await prepareJson(body, String(revision)),
			map: await prepareJson(mapOf(settings, official, told), 'map'),
			find: areaFinder(chosen)
		};
	}

	#compute(revision: number): Promise<Computed> {
		if (this.#computed && this.#computedFor === revision) return this.#computed;
		this.#computedFor = revision;
		this.#computed = this.#registry
			.load()
			.then(async ({ sites, areas }) => ({
				revision,
				areas,
				shapes: await computeServiceAreas(columnsOf(sites, areas))
			}))
			.catch((error: unknown) => {
				if (this.#computedFor === revision) this.#computed = null;
				throw error;
			});
		return this.#computed;
	}
}

const NO_REVIEW_NUMBER: GeoProblem = {
	code: 'no_review_number',
	file: 'map.json',
	message:
		'There are official polygons but no reviewNumber: their lines are not drawn. Put the 审图号 of the map they come ' +
		'from into map.json.'
};

/** Lines of official polygons are a map of boundaries, which may be shown under its review number only. */
function mapOf(settings: MapSettings, official: OfficialAreas, problems: readonly GeoProblem[]): object {
	const { reviewNumber, attribution, showBoundaries, tiles } = settings;
	const hasLines = official.districts.length + official.streets.length > 0;
	return {
		reviewNumber,
		attribution,
		showBoundaries: hasLines && reviewNumber !== null && showBoundaries !== false,
		tiles,
		problems
	};
}

const instead = (official: readonly AreaFeature[], computed: AreaFeatures): AreaFeatures =>
	official.length === 0 ? computed : { type: 'FeatureCollection', features: [...official] };

function topologyOf({ districts, streets }: ServiceAreas): object {
	const points = [...districts.features, ...streets.features].flatMap(({ geometry }) => geometry.coordinates.flat(2));
	// topojson-server divides by the extent: without points there is none.
	if (points.length === 0) return { type: 'Topology', objects: { districts: NO_SHAPES, streets: NO_SHAPES }, arcs: [] };
	const extent = (axis: 0 | 1): number => {
		const values = points.map((point) => point[axis] ?? 0);
		return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
	};
	const steps = Math.round(Math.max(extent(0), extent(1)) / GRID_STEP);
	return topology({ districts, streets }, Math.min(MOST_STEPS, Math.max(LEAST_STEPS, steps)));
}

const NO_SHAPES = { type: 'GeometryCollection', geometries: [] };
