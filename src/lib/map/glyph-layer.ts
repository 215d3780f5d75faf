/**
 * Numbers that stand for the sites of an area while the city is too small for points. Real elements: few, reached by
 * keyboard, and restyled only where a figure has changed.
 */
import { DivIcon, LayerGroup, Marker, type LatLngExpression } from 'leaflet';
import type { AreaGlyph } from './area-glyph.ts';
import { spreadApart } from './spread.ts';
import { latOf, lngOf } from './mercator.ts';

export interface GlyphWords {
	/** for those who hear the map */
	label(glyph: AreaGlyph): string;
	number(value: number): string;
}

/** css px; the square in which a glyph is drawn, before `--point-scale`. */
const SIZE = 64;
const RING = 24;
const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

export class GlyphLayer extends LayerGroup {
	readonly #words: GlyphWords;
	readonly #onchoose: (code: string) => void;
	readonly #shown = new Map<string, { marker: Marker; key: string }>();

	constructor(words: GlyphWords, onchoose: (code: string) => void) {
		super();
		this.#words = words;
		this.#onchoose = onchoose;
	}

	/** `zoom` decides how far they must step apart. */
	show(glyphs: readonly AreaGlyph[], zoom: number, scale: number): void {
		const codes = new Set(glyphs.map(({ code }) => code));
		for (const [code, { marker }] of this.#shown) {
			if (codes.has(code)) continue;
			this.removeLayer(marker);
			this.#shown.delete(code);
		}
		const gap = ((RING + 2) * 2 * scale) / 2 ** zoom;
		const spots = spreadApart(glyphs, gap);
		glyphs.forEach((glyph, i) => this.#showOne({ ...glyph, ...spots[i] }));
	}

	#showOne(glyph: AreaGlyph): void {
		const key = [glyph.name, glyph.count, glyph.closed, glyph.openPercent, glyph.stalePercent, glyph.x, glyph.y].join();
		const known = this.#shown.get(glyph.code);
		if (known?.key === key) return;
		const marker = known?.marker ?? this.#makeMarker(glyph);
		const element = marker.getElement();
		element?.setAttribute('aria-label', this.#words.label(glyph));
		element?.replaceChildren(pictureOf(glyph, this.#words));
		marker.setLatLng(placeOf(glyph));
		this.#shown.set(glyph.code, { marker, key });
	}

	#makeMarker(glyph: AreaGlyph): Marker {
		const icon = new DivIcon({ className: 'map-glyph', iconSize: [SIZE, SIZE] });
		const marker = new Marker(placeOf(glyph), { icon, pane: 'glyphs', keyboard: true, alt: '' });
		marker.on('click', () => this.#onchoose(glyph.code));
		marker.on('keypress', ({ originalEvent }) => {
			if (originalEvent instanceof KeyboardEvent && originalEvent.key === 'Enter') this.#onchoose(glyph.code);
		});
		this.addLayer(marker);
		return marker;
	}
}

const placeOf = ({ x, y }: AreaGlyph): LatLngExpression => [latOf(y), lngOf(x)];

function pictureOf({ name, count, closed, openPercent, stalePercent }: AreaGlyph, words: GlyphWords): SVGSVGElement {
	const svg = make('svg', { viewBox: '-32 -32 64 64', 'aria-hidden': 'true' });
	svg.append(make('circle', { r: RING, class: 'disc' }));
	if (openPercent > 0) {
		// The silent share begins at the top; what is open follows it. The rest, closed or unknown, stays neutral.
		const turn = `rotate(${stalePercent * 3.6 - 90})`;
		const dashes = `${openPercent} ${100 - openPercent}`;
		const arc = { r: RING, pathLength: 100, transform: turn, 'stroke-dasharray': dashes };
		svg.append(make('circle', { ...arc, class: 'open' }));
	}
	if (stalePercent > 0) {
		const arc = { r: RING, pathLength: 100, transform: 'rotate(-90)' };
		svg.append(make('circle', { ...arc, class: 'stale', 'stroke-dasharray': `${stalePercent} 100` }));
		svg.append(make('circle', { ...arc, class: 'gaps', 'stroke-dasharray': ticks(stalePercent) }));
	}
	const number = make('text', { y: -1, class: 'count' });
	number.textContent = words.number(count);
	const title = make('text', { y: 13, class: 'name' });
	title.textContent = shortName(name);
	svg.append(number, title);
	if (closed > 0) {
		const badge = make('g', { transform: 'translate(20 -19)' });
		const text = make('text', { class: 'worst-count' });
		text.textContent = words.number(closed);
		badge.append(make('path', { d: 'M0-13L13 0 0 13-13 0Z', class: 'worst' }), text);
		svg.append(badge);
	}
	return svg;
}

/** 江阴市 → 江阴: the ring is narrow. Names of two characters stay whole. */
function shortName(name: string): string {
	const short = name.replace(/(街道|[区县市镇乡])$/u, '');
	return short.length >= 2 ? short.slice(0, 4) : name.slice(0, 4);
}

/** Short strokes along the first `percent` of a path that is 100 long. */
function ticks(percent: number): string {
	const strokes = Math.max(1, Math.round(percent / 3));
	const step = percent / strokes;
	const dashes = Array.from({ length: strokes }, (_, i) => {
		const gap = i === strokes - 1 ? 100 - percent + step / 2 : step / 2;
		return `${(step / 2).toFixed(2)} ${gap.toFixed(2)}`;
	});
	return dashes.join(' ');
}

function make<Name extends keyof SVGElementTagNameMap>(
	name: Name,
	attributes: Record<string, string | number>
): SVGElementTagNameMap[Name] {
	const element = document.createElementNS(SVG_NAMESPACE, name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
	return element;
}
