/**
 * Tile sources a deployer has set, over the embedded water and under everything else. A server that fails is given up
 * (tile-errors.ts): its picture is taken away as a whole, and what is embedded stays.
 */
import { GridLayer, LatLng, TileLayer, type Bounds, type Map as LeafletMap, type TileLayerOptions } from 'leaflet';
import type { TileDatum, TileSource } from './basemap.ts';
import { inTileDatum } from './datum-shift.ts';
import { MAX_ZOOM } from './hit.ts';
import { TileErrors } from './tile-errors.ts';
import type { TileCalls, Tiles } from './tile-keeper.ts';

/** Adds every source; `onbroken` is told once, after the tiles have been hidden. */
export function addTiles(map: LeafletMap, sources: readonly TileSource[], calls: TileCalls): Tiles {
	const errors = new TileErrors();
	const layers = sources.map((source) => new DatumTiles(source).addTo(map));
	const remove = (): void => {
		for (const layer of layers) layer.off('tileerror tileload').remove();
	};
	for (const layer of layers) {
		layer.on('tileload', () => calls.onloaded());
		layer.on('tileerror', () => {
			if (!errors.record(performance.now())) return;
			remove();
			calls.onbroken();
		});
	}
	return { remove };
}

/** Two methods in which a grid asks where the view is. Leaflet 1.9 has no public way to answer otherwise. */
interface GridInsides {
	_getTiledPixelBounds(center: LatLng): Bounds;
	_setZoomTransform(level: unknown, center: LatLng, zoom: number): void;
	_setZoomTransforms(center: LatLng, zoom: number): void;
}

/**
 * Tiles of any datum on our WGS-84 map: the grid is told that the view's middle lies where its own datum has it. The shift
 * differs by some metres between the middle and the edges of a city's view, which is less than a pixel there.
 */
class DatumTiles extends TileLayer {
	readonly #datum: TileDatum;

	constructor(source: TileSource) {
		super(source.url, optionsOf(source));
		this.#datum = source.datum ?? 'wgs84';
	}

	override onAdd(map: LeafletMap): this {
		super.onAdd(map);
		// A long drag comes to where the shift is another.
		map.on('moveend', this.#settle);
		return this;
	}

	override onRemove(map: LeafletMap): this {
		map.off('moveend', this.#settle);
		return super.onRemove(map);
	}

	_getTiledPixelBounds(center: LatLng): Bounds {
		return insides._getTiledPixelBounds.call(this, this.#shifted(center));
	}

	_setZoomTransform(level: unknown, center: LatLng, zoom: number): void {
		insides._setZoomTransform.call(this, level, this.#shifted(center), zoom);
	}

	readonly #settle = (): void => {
		const inner = this as unknown as GridInsides;
		inner._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
	};

	#shifted(center: LatLng): LatLng {
		const { lng, lat } = inTileDatum(center, this.#datum);
		return new LatLng(lat, lng);
	}
}

const insides = GridLayer.prototype as unknown as GridInsides;

function optionsOf({ subdomains, minZoom, maxZoom, tms }: TileSource): TileLayerOptions {
	return {
		...(subdomains && { subdomains: typeof subdomains === 'string' ? subdomains : [...subdomains] }),
		...(typeof minZoom === 'number' && { minZoom }),
		// Beyond the nearest tiles their picture is enlarged: better than a hole.
		...(typeof maxZoom === 'number' && { maxNativeZoom: maxZoom }),
		maxZoom: MAX_ZOOM,
		tms: tms ?? false,
		// Services that give keys to a web site look from where they are asked; pages tell nobody else (Referrer-Policy).
		referrerPolicy: 'strict-origin',
		className: 'map-tiles'
	};
}
