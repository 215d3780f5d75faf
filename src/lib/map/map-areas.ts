/** Everything on the map that belongs to areas: ground, shades, names, and the numbers that stand for sites from far away. */
import { LatLngBounds, type Map as LeafletMap } from 'leaflet';
import { MEASURE_SPEC, type MeasureId } from '#domain/measure.ts';
import { glyphsOf } from './area-glyph.ts';
import { groupByArea, type AreaPoints } from './area-points.ts';
import type { Basemap } from './basemap.ts';
import { areaFigures, rowsByArea, type AreaFigure, type Shade } from './choropleth.ts';
import { GlyphLayer, type GlyphWords } from './glyph-layer.ts';
import { GroundShapes, RIVERS_TO_ZOOM } from './ground-shapes.ts';
import { LabelLayer } from './label-layer.ts';
import { farthestRank, figureLabelsOf, labelsOf, STREET_ZOOM, type FigureText } from './map-labels.ts';
import { DEFAULT_LAYERS, type AreaMapLevel, type MapLayers } from './map-props.ts';
import type { MapStyle } from './map-style.ts';
import { latOf, lngOf } from './mercator.ts';
import { AREA_ZOOM } from './point-layer.ts';
import type { PointSet, PointsView } from './point-set.ts';

export interface AreaWords extends GlyphWords {
	readonly isEnglish: boolean;
	figure(measure: MeasureId, figure: AreaFigure): FigureText;
}

/** Sums over areas are read by people: once a second is enough, however fast the data comes. */
const FIGURES_EVERY_MS = 1_000;

/** Service areas are worked out from the sites alone: near by, their edges would claim what nobody knows. */
const COMPUTED_TO_ZOOM = 13;

/** How near a pressed number brings its area at most. */
const NEAREST_ZOOM = 14;

export class MapAreas {
	readonly #map: LeafletMap;
	readonly #words: AreaWords;
	readonly #ground: GroundShapes;
	readonly #labels: LabelLayer;
	readonly #glyphs: GlyphLayer;
	#style: MapStyle;
	#layers: MapLayers = DEFAULT_LAYERS;
	#geo: Basemap | null = null;
	#view: PointsView | null = null;
	#points: PointSet | null = null;
	#byLevel: Record<AreaMapLevel, readonly AreaPoints[]> = { district: [], street: [] };
	#rows: ReadonlyMap<string, readonly number[]> = new Map();
	#figures: readonly AreaFigure[] = [];
	#figuresAt = 0;
	/** what the names say now: drawn again only when it changes */
	#said = '';
	#isTiled = false;

	constructor(map: LeafletMap, style: MapStyle, words: AreaWords) {
		this.#map = map;
		this.#style = style;
		this.#words = words;
		this.#ground = new GroundShapes(map);
		this.#labels = new LabelLayer(style).addTo(map);
		this.#glyphs = new GlyphLayer(words, (code) => this.#zoomInto(code)).addTo(map);
		this.moved();
	}

	show(view: PointsView, points: PointSet): void {
		const isNew = points !== this.#points;
		this.#view = view;
		this.#points = points;
		if (isNew) this.#group();
		const isDue = isNew || Math.abs(view.nowMs - this.#figuresAt) >= FIGURES_EVERY_MS;
		if (isDue) this.#tell();
	}

	setLayers(layers: MapLayers): void {
		this.#layers = layers;
		if (this.#view) this.#group();
		this.#mark();
		this.#tell();
	}

	setGround(geo: Basemap | null): void {
		if (geo?.water && !this.#geo?.water) this.#ground.showWater(geo.water);
		if (geo?.areas?.revision !== this.#geo?.areas?.revision) this.#ground.showAreas(geo?.areas ?? null);
		this.#geo = geo;
		this.#labels.showGraticule(!geo?.water && !geo?.areas);
		this.#mark();
		this.#tell();
	}

	setTiled(isTiled: boolean): void {
		this.#isTiled = isTiled;
		this.#mark();
		this.#tell();
	}

	restyle(style: MapStyle): void {
		this.#style = style;
		this.#labels.restyle(style);
		this.#said = '';
		this.#tell();
	}

	/** The view has moved: what is shown may depend on how near it is. */
	moved(): void {
		this.#mark();
		this.#tell();
	}

	/** States that CSS reads (map.css). */
	#mark(): void {
		const { dataset } = this.#map.getContainer();
		const zoom = this.#map.getZoom();
		const isOfficial = this.#geo?.areas?.source === 'official';
		const { areas, choropleth } = this.#layers;
		dataset['rivers'] = String(zoom <= RIVERS_TO_ZOOM);
		dataset['streets'] = String(zoom >= STREET_ZOOM || choropleth?.level === 'street');
		dataset['shaded'] = String(choropleth !== null);
		dataset['tiled'] = String(this.#isTiled);
		dataset['fill'] = String(areas && !isOfficial && !this.#isTiled);
		dataset['edges'] = String(
			areas && (isOfficial ? this.#geo?.settings?.showBoundaries === true : zoom <= COMPUTED_TO_ZOOM)
		);
	}

	#group(): void {
		const { choropleth, kinds } = this.#layers;
		if (!this.#view || !this.#points) return;
		this.#byLevel = {
			district: groupByArea(this.#view, this.#points, 'district'),
			street: groupByArea(this.#view, this.#points, 'street')
		};
		this.#rows = choropleth ? rowsByArea(this.#view.sites, choropleth.level, kinds) : new Map();
		this.#said = '';
	}

	/** Works out figures, shades, glyphs and names; changes what has changed. */
	#tell(): void {
		const view = this.#view;
		const points = this.#points;
		if (!view || !points) return;
		this.#figuresAt = view.nowMs;
		const { choropleth } = this.#layers;
		this.#figures = choropleth ? areaFigures(view, this.#rows, choropleth.measure) : [];
		const shades = new Map<string, Shade>(this.#figures.map(({ code, shade }) => [code, shade]));
		this.#ground.shade(choropleth?.level ?? 'district', choropleth && shades);
		const hasGlyphs = !choropleth && this.#map.getZoom() <= AREA_ZOOM;
		this.#glyphs.show(
			hasGlyphs ? glyphsOf(this.#glyphAreas(), points) : [],
			this.#map.getZoom(),
			this.#style.pointScale
		);
		this.#name(points, hasGlyphs);
	}

	/** Districts; where there is only one, its streets. */
	#glyphAreas(): readonly AreaPoints[] {
		const { district, street } = this.#byLevel;
		return district.length > 1 || street.length === 0 ? district : street;
	}

	#name(points: PointSet, hasGlyphs: boolean): void {
		const { choropleth, labels, kinds } = this.#layers;
		const zoom = this.#map.getZoom();
		const text = (figure: AreaFigure): FigureText =>
			choropleth ? this.#words.figure(choropleth.measure, figure) : { full: '', short: '' };
		const said = [
			...[
				labels,
				hasGlyphs,
				this.#isTiled,
				zoom >= STREET_ZOOM,
				farthestRank(zoom),
				this.#geo?.places.length,
				kinds.join()
			],
			...this.#figures.map((figure) => `${figure.shade} ${text(figure).full}`)
		].join('|');
		if (said === this.#said) return;
		this.#said = said;
		const { district, street } = this.#byLevel;
		const figureLabels = choropleth
			? figureLabelsOf(
					this.#byLevel[choropleth.level],
					this.#figures,
					text,
					{ isStreets: choropleth.level === 'street', isLowWorst: MEASURE_SPEC[choropleth.measure].unit === 'share' },
					this.#style
				)
			: [];
		const input = {
			zoom,
			districts: district,
			streets: street,
			figured: choropleth?.level ?? null,
			places: this.#geo?.places ?? [],
			isEnglish: this.#words.isEnglish,
			hasGlyphs
		};
		// Tiles bring names of their own.
		const names = labels && !this.#isTiled ? labelsOf(input, this.#style) : [];
		this.#labels.show([...figureLabels, ...names], zoom > AREA_ZOOM ? points : null);
	}

	#zoomInto(code: string): void {
		const area = this.#glyphAreas().find((one) => one.code === code);
		const points = this.#points;
		if (!area || !points) return;
		const places = area.members.map((i): [number, number] => [
			latOf(points.y[i] as number),
			lngOf(points.x[i] as number)
		]);
		const bounds = new LatLngBounds(places);
		// An area that fits into the far view would show its number again.
		const zoom = Math.min(NEAREST_ZOOM, Math.max(AREA_ZOOM + 1, this.#map.getBoundsZoom(bounds)));
		this.#map.setView(zoom > AREA_ZOOM + 1 ? bounds.getCenter() : [latOf(area.y), lngOf(area.x)], zoom);
	}
}
