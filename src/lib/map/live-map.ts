/**
 * The live map: ground, tiles, areas, names, points, numbers, fan and mark, put together on Leaflet. Browser only; imported
 * when the page has its element. Data never moves the view: it is fitted once, to the first sites that come.
 */
import 'leaflet/dist/leaflet.css';
import './map.css';
import { DivIcon, LatLngBounds, Marker, type Map as LeafletMap } from 'leaflet';
import type { MeasureId } from '#domain/measure.ts';
import { MapAreas } from './map-areas.ts';
import type { AreaFigure } from './choropleth.ts';
import type { Basemap } from './basemap.ts';
import { FanLayer } from './fan-layer.ts';
import type { GlyphWords } from './glyph-layer.ts';
import { addControls, makeMap, placesOf } from './map-frame.ts';
import { followHands } from './map-hands.ts';
import type { FigureText } from './map-labels.ts';
import { DEFAULT_LAYERS, type MapCalls, type MapLayers, type MapPlace, type MapSeen } from './map-props.ts';
import { readStyle, watchTheme } from './map-style.ts';
import { PointLayer } from './point-layer.ts';
import type { PointsView } from './point-set.ts';
import { panToReveal, type Covered } from './reveal.ts';
import { TileKeeper } from './tile-keeper.ts';

export interface MapWords extends GlyphWords {
	readonly zoomIn: string;
	readonly zoomOut: string;
	readonly showAll: string;
	readonly isEnglish: boolean;
	/** `12 · 8%`, and `12` where there is no room for that */
	figure(measure: MeasureId, figure: AreaFigure): FigureText;
}

export interface LiveMapOptions extends MapCalls {
	/** tiles were given up, or are there again; `ontilesfailed` tells only what is to be said */
	readonly ontiles?: ((areThere: boolean) => void) | undefined;
	readonly words: MapWords;
	readonly hasControls: boolean;
	readonly start: MapPlace | null;
}

/** How near `flyTo` comes at least. */
const SITE_ZOOM = 15;
/** How much wider than all sites the view may be. */
const WIDER_ZOOM = 1;

export class LiveMap {
	readonly #map: LeafletMap;
	readonly #options: LiveMapOptions;
	readonly #points: PointLayer;
	readonly #areas: MapAreas;
	readonly #fan: FanLayer;
	readonly #chosen = new Marker([0, 0], {
		icon: new DivIcon({ className: 'map-chosen', iconSize: [36, 36] }),
		interactive: false,
		keyboard: false
	});
	readonly #undo: (() => void)[] = [];
	#view: PointsView | null = null;
	#layers: MapLayers = DEFAULT_LAYERS;
	#isShown: ((row: number) => boolean) | null = null;
	#isHonoured: ((row: number) => boolean) | null = null;
	#geo: Basemap | null = null;
	readonly #tiles: TileKeeper;
	#isFitted: boolean;
	#hasLimit = false;

	/** Sets a map up in an element that has a size. */
	constructor(element: HTMLElement, options: LiveMapOptions) {
		this.#options = options;
		this.#isFitted = options.start !== null;
		const map = (this.#map = makeMap(element, options.start));
		const style = readStyle(element);
		this.#points = new PointLayer(style).addTo(map);
		this.#areas = new MapAreas(map, style, options.words);
		this.#fan = new FanLayer(map, style, {
			onselect: (row) => options.onselect?.(row),
			onfan: (rows) => options.onfan?.(rows)
		});
		this.#tiles = new TileKeeper({
			// Most deployments have no tiles: their code is fetched by those that do.
			add: async (sources, calls) => {
				const { addTiles } = await import('./tile-layers.ts');
				return addTiles(map, calls.isWanted() ? sources : [], calls);
			},
			onshown: (isShown) => this.#areas.setTiled(isShown),
			onfailed: (isNews) => {
				options.ontiles?.(false);
				if (isNews) options.ontilesfailed?.();
			},
			onback: () => options.ontiles?.(true)
		});
		if (options.hasControls) addControls(map, options.words, () => this.showAll());
		followHands(map, { points: this.#points, fan: this.#fan }, (row) => options.onselect?.(row));
		map.on('moveend', () => this.#moved());
		this.#undo.push(watchTheme(() => this.#restyle(element)));
		const sizes = new ResizeObserver(() => map.invalidateSize({ pan: false }));
		sizes.observe(element);
		this.#undo.push(() => sizes.disconnect());
		// A view that was given is not fitted, and so does not move.
		if (options.start) options.onview?.(this.place());
	}

	show(view: PointsView): void {
		this.#view = view;
		this.#points.show(view, { kinds: this.#layers.kinds, isShown: this.#isShown });
		const points = this.#points.points;
		if (!points) return;
		this.#areas.show(view, points);
		this.#fan.repaint(points);
		if (points.rows.length === 0) return;
		if (!this.#isFitted) this.showAll();
		if (!this.#hasLimit) this.#limitZoom();
	}

	/** null = all */
	filter(isShown: ((row: number) => boolean) | null, isHonoured: ((row: number) => boolean) | null): void {
		this.#isShown = isShown;
		this.#isHonoured = isHonoured;
		this.#points.honour(this.#layers.honours ? isHonoured : null);
		if (this.#view) this.show(this.#view);
	}

	setLayers(layers: MapLayers): void {
		this.#layers = layers;
		this.#areas.setLayers(layers);
		this.#points.honour(layers.honours ? this.#isHonoured : null);
		this.#showTiles();
		if (this.#view) this.show(this.#view);
	}

	setGround(geo: Basemap | null): void {
		if (geo === this.#geo) return;
		this.#geo = geo;
		this.#areas.setGround(geo);
		this.#showTiles();
	}

	/** Marks one site, or none. The view stays. */
	choose(row: number | null): void {
		const site = row === null ? undefined : this.#view?.sites[row];
		if (!site || site.lng === null || site.lat === null) this.#chosen.remove();
		else this.#chosen.setLatLng([site.lat, site.lng]).addTo(this.#map);
	}

	/** Brings a site to the middle, near enough to see it alone. */
	flyTo(row: number): void {
		const site = this.#view?.sites[row];
		if (!site || site.lng === null || site.lat === null) return;
		const zoom = Math.max(this.#map.getZoom(), SITE_ZOOM);
		this.#map.flyTo([site.lat, site.lng], zoom, { animate: !isStill(), duration: 0.8 });
	}

	/** Moves as far as it takes that a site is seen beside what lies over the edges; not at all where it is seen. */
	reveal(row: number, covered: Covered): void {
		const site = this.#view?.sites[row];
		if (!site || site.lng === null || site.lat === null) return;
		const at = this.#map.latLngToContainerPoint([site.lat, site.lng]);
		const { x, y } = panToReveal(at, this.#map.getSize(), covered);
		if (x > 0 || y > 0) this.#map.panBy([x, y], { animate: !isStill() });
	}

	/** Brings all shown sites into view. */
	showAll(): void {
		const extent = this.#points.extent();
		if (!extent) return;
		this.#isFitted = true;
		const bounds = new LatLngBounds([extent.south, extent.west], [extent.north, extent.east]).pad(0.06);
		this.#map.fitBounds(bounds, { animate: false });
	}

	/** The exact view, for a share link. */
	place(): MapSeen {
		return placesOf(this.#map);
	}

	rowsInExtent(): number[] {
		return this.#points.rowsIn(this.place().bounds);
	}

	destroy(): void {
		this.#tiles.destroy();
		for (const undo of this.#undo) undo();
		this.#map.remove();
	}

	/** Somewhat wider than all sites: beyond that the ground ends. A share link may have come from a smaller screen. */
	#limitZoom(): void {
		const extent = this.#points.extent();
		if (!extent) return;
		this.#hasLimit = true;
		const whole = this.#map.getBoundsZoom([
			[extent.south, extent.west],
			[extent.north, extent.east]
		]);
		this.#map.setMinZoom(Math.max(this.#map.getMinZoom(), Math.min(this.#map.getZoom(), whole - WIDER_ZOOM)));
	}

	#moved(): void {
		this.#areas.moved();
		if (this.#isFitted) this.#options.onview?.(this.place());
	}

	#restyle(element: HTMLElement): void {
		const style = readStyle(element);
		this.#points.restyle(style);
		this.#areas.restyle(style);
		this.#fan.restyle(style);
	}

	#showTiles(): void {
		this.#tiles.show(this.#layers.tiles ? (this.#geo?.settings?.tiles ?? []) : []);
	}
}

/** Somebody asked for less motion. */
const isStill = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
