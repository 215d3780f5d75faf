/** Which names the map writes, in the order of their importance. Pure. */
import type { AreaPoints } from './area-points.ts';
import type { Place } from './basemap.ts';
import type { AreaFigure } from './choropleth.ts';
import type { AreaMapLevel } from './map-props.ts';
import { worldX, worldY } from './mercator.ts';
import type { Label } from './place-labels.ts';

export interface LabelSizes {
	readonly nameSize: number;
	readonly placeSize: number;
}

/** Names of streets are written from here on, and places of every size. */
export const STREET_ZOOM = 12;

/** Places written at a zoom: the first of the list, which is ordered by importance. */
export function farthestRank(zoom: number): number {
	if (zoom < 9) return 8;
	return zoom < 11 ? 16 : Number.POSITIVE_INFINITY;
}

export interface LabelInput {
	readonly zoom: number;
	readonly districts: readonly AreaPoints[];
	readonly streets: readonly AreaPoints[];
	readonly places: readonly Place[];
	readonly isEnglish: boolean;
	/** areas of this level have their names with their figures already */
	readonly figured: AreaMapLevel | null;
	/** numbers stand for the districts and carry their names */
	readonly hasGlyphs: boolean;
}

export function labelsOf(
	{ zoom, districts, streets, places, isEnglish, figured, hasGlyphs }: LabelInput,
	sizes: LabelSizes
): Label[] {
	const nearest = zoom >= STREET_ZOOM ? streets : [];
	const names =
		hasGlyphs || figured === 'district' ? [] : districts.map((area) => areaLabel(area, [area.name], sizes.nameSize));
	const streetNames = (figured === 'street' ? [] : nearest).map(({ name, x, y }) => placeLabel(name, x, y, sizes));
	const seen = new Set([...districts, ...nearest].map(({ name }) => coreOf(name)));
	const others = places
		.filter(({ name }, i) => !seen.has(coreOf(name)) && i < farthestRank(zoom))
		.map(({ name, nameEn, lng, lat }) => placeLabel((isEnglish && nameEn) || name, worldX(lng), worldY(lat), sizes));
	return [...names, ...streetNames, ...others];
}

/** What is written below a name: `12 · 8%`, and where that finds no room, `12`. */
export interface FigureText {
	readonly full: string;
	readonly short: string;
}

/**
 * Names with their figure. Those that find no room are left out, so the worst come first: by class, and within one the most
 * crowded, as the order of values would change with the data and names would jump. `isLowWorst`: a share of what should be.
 */
export function figureLabelsOf(
	areas: readonly AreaPoints[],
	figures: readonly AreaFigure[],
	text: (figure: AreaFigure) => FigureText,
	{ isStreets, isLowWorst }: { readonly isStreets: boolean; readonly isLowWorst: boolean },
	sizes: LabelSizes
): Label[] {
	const byCode = new Map(figures.map((figure) => [figure.code, figure]));
	const urgency = ({ shade }: AreaFigure): number => {
		if (shade === 'unknown') return Number.NEGATIVE_INFINITY;
		return isLowWorst ? -shade : shade;
	};
	return areas
		.flatMap((area) => {
			const figure = byCode.get(area.code);
			return figure ? [{ area, figure }] : [];
		})
		.sort((a, b) => Math.sign(urgency(b.figure) - urgency(a.figure)) || b.area.members.length - a.area.members.length)
		.map(({ area, figure }): Label => {
			const { full, short } = text(figure);
			const lines = [area.name, full];
			const label = isStreets ? placeLabel(area.name, area.x, area.y, sizes) : areaLabel(area, lines, sizes.nameSize);
			return { ...label, lines, isLoud: true, ...(short !== full && { shorter: [area.name, short] }) };
		});
}

function areaLabel({ x, y }: AreaPoints, lines: readonly string[], size: number): Label {
	return { lines, x, y, size, spacing: 0.2, kind: 'district', isLoud: false };
}

function placeLabel(name: string, x: number, y: number, { placeSize }: LabelSizes): Label {
	return { lines: [name], x, y, size: placeSize, spacing: 0.06, kind: 'place', isLoud: false };
}

/** 宜兴 and 宜兴市, 北大街 and 北大街街道 are one name. */
const coreOf = (name: string): string => name.replace(/(街道|[省市区县镇乡])$/u, '');
