/**
 * Water and areas as SVG shapes below the points. Colours come from CSS (map.css), so that a change of theme needs no
 * drawing; the figures of a choropleth change attributes of only those shapes whose class has changed.
 */
import { GeoJSON, SVG, type Map as LeafletMap, type Path, type PolylineOptions } from 'leaflet';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import type { AreaShapes } from './basemap.ts';
import type { Shade } from './choropleth.ts';
import type { AreaMapLevel } from './map-props.ts';
import { extentOf } from './water-extent.ts';
import { fadeWater } from './water-fade.ts';

/** Share of the view drawn beyond each edge. */
const PADDING = 0.3;
/** Rivers of the small data set are about a kilometre off: nearer than this they would be wrong to the eye. */
export const RIVERS_TO_ZOOM = 11;
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
let patterns = 0;

export class GroundShapes {
	readonly #map: LeafletMap;
	readonly #renderers = new Map<string, SVG>();
	readonly #layers: GeoJSON[] = [];
	/** level → code → path */
	readonly #areas = new Map<string, Map<string, SVGElement>>();
	readonly #shades = new Map<SVGElement, Shade>();
	readonly #hatch = `map-hatch-${++patterns}`;

	constructor(map: LeafletMap) {
		this.#map = map;
	}

	showWater(water: Topology | null): void {
		for (const name of ['lakes', 'rivers', 'canals']) this.#add('water', water, name, () => `map-${name}`);
		const svg = this.#map.getPane('water')?.querySelector('svg');
		const extent = water && extentOf(water);
		if (svg && extent) fadeWater(this.#map, svg, extent, PADDING);
	}

	/** Replaces all areas. Shades are gone with the old ones. */
	showAreas(shapes: AreaShapes | null): void {
		for (const layer of this.#layers.splice(0)) layer.remove();
		this.#areas.clear();
		this.#shades.clear();
		if (!shapes) return;
		for (const [object, level] of [
			['streets', 'street'],
			['districts', 'district']
		] as const) {
			const layer = this.#add('areas', shapes.topology, object, () => `map-area map-${level}`);
			if (!layer) continue;
			this.#layers.push(layer);
			this.#areas.set(level, pathsOf(layer));
		}
		this.#addHatch();
	}

	/** Shades of the areas of a level by code; areas without one are unknown. null = no choropleth. */
	shade(level: AreaMapLevel, shades: ReadonlyMap<string, Shade> | null): void {
		for (const [own, paths] of this.#areas) {
			for (const [code, path] of paths) {
				const shade = shades && own === level ? (shades.get(code) ?? 'unknown') : null;
				if ((this.#shades.get(path) ?? null) === shade) continue;
				if (shade === null) this.#shades.delete(path);
				else this.#shades.set(path, shade);
				path.toggleAttribute('data-shade', shade !== null);
				if (shade !== null) path.setAttribute('data-shade', String(shade));
				path.style.fill = shade === 'unknown' ? `url(#${this.#hatch})` : '';
			}
		}
	}

	#add(pane: string, topology: Topology | null, object: string, className: () => string): GeoJSON | null {
		const shapes = topology?.objects[object];
		if (!topology || !shapes) return null;
		const style = (): PolylineOptions => ({
			pane,
			renderer: this.#rendererOf(pane),
			className: className(),
			interactive: false,
			// Simplified each by itself, neighbours would no longer share their edge.
			smoothFactor: 0
		});
		return new GeoJSON(feature(topology, shapes), { style, pane, interactive: false }).addTo(this.#map);
	}

	#rendererOf(pane: string): SVG {
		const known = this.#renderers.get(pane);
		if (known) return known;
		const renderer = new SVG({ pane, padding: PADDING });
		this.#renderers.set(pane, renderer);
		return renderer;
	}

	/** No data is hatched, never a colour. */
	#addHatch(): void {
		const svg = this.#map.getPane('areas')?.querySelector('svg');
		if (!svg || svg.querySelector('pattern')) return;
		const pattern = document.createElementNS(SVG_NAMESPACE, 'pattern');
		const attributes = { id: this.#hatch, width: '7', height: '7', patternUnits: 'userSpaceOnUse' };
		for (const [name, value] of Object.entries(attributes)) pattern.setAttribute(name, value);
		pattern.setAttribute('patternTransform', 'rotate(45)');
		const line = document.createElementNS(SVG_NAMESPACE, 'line');
		line.setAttribute('y2', '7');
		line.setAttribute('class', 'map-hatch');
		pattern.append(line);
		svg.append(pattern);
	}
}

function pathsOf(layer: GeoJSON): Map<string, SVGElement> {
	const paths = new Map<string, SVGElement>();
	layer.eachLayer((one) => {
		const shape = one as Path & { feature?: { properties?: { code?: string } | null } };
		const element = shape.getElement() as SVGElement | undefined;
		const code = shape.feature?.properties?.code;
		if (element && code) paths.set(code, element);
	});
	return paths;
}
