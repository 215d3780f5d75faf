/** Canvas knows no CSS variables: the tokens it draws with are resolved by an element that stands in the page. */
import { DRAW_ORDER, STALE } from './look.ts';
import type { PointColors } from './sprites.ts';
import { CODES, type Palette } from './stamp.ts';
import { STATUS } from '#domain/table.ts';

export interface MapStyle {
	readonly colors: PointColors;
	/** the ring of news that is not bad */
	readonly pulse: string;
	readonly name: string;
	readonly placeName: string;
	readonly figure: string;
	readonly halo: string;
	readonly grid: string;
	readonly font: string;
	/** css px: names of districts, of places and streets */
	readonly nameSize: number;
	readonly placeSize: number;
	/** 1 = desk */
	readonly pointScale: number;
}

export function readStyle(element: HTMLElement): MapStyle {
	const probe = document.createElement('span');
	probe.hidden = true;
	element.append(probe);
	const color = (token: string): string => {
		probe.style.color = `var(${token})`;
		return getComputedStyle(probe).color;
	};
	const px = (token: string): number => {
		probe.style.fontSize = `var(${token})`;
		return Number.parseFloat(getComputedStyle(probe).fontSize);
	};
	const style: MapStyle = {
		colors: {
			open: color('--status-open'),
			closedPlanned: color('--status-closed-planned'),
			closedUnplanned: color('--status-closed-unplanned'),
			unknown: color('--status-unknown'),
			stale: color('--stale'),
			ground: color('--map-land'),
			honour: color('--map-honour')
		},
		pulse: color('--accent'),
		name: color('--text-soft'),
		placeName: color('--text-faint'),
		figure: color('--text'),
		halo: color('--map-land'),
		grid: color('--map-edge'),
		font: getComputedStyle(probe).fontFamily,
		nameSize: px('--size-heading'),
		placeSize: px('--size-note'),
		pointScale: Number.parseFloat(getComputedStyle(probe).getPropertyValue('--point-scale')) || 1
	};
	probe.remove();
	return style;
}

/** Calls back after the theme may have changed: by the machine's preference or by the page. */
export function watchTheme(onchange: () => void): () => void {
	const preference = window.matchMedia('(prefers-color-scheme: dark)');
	const attributes = new MutationObserver(onchange);
	preference.addEventListener('change', onchange);
	for (const element of [document.documentElement, document.body]) {
		attributes.observe(element, { attributeFilter: ['class', 'style', 'data-theme'] });
	}
	return () => {
		preference.removeEventListener('change', onchange);
		attributes.disconnect();
	};
}

/** css px of an open point: 3 in the whole city, 9 in a street. */
export function pointRadius(zoom: number, { pointScale }: MapStyle): number {
	return Math.min(9, Math.max(3, 3 + (zoom - 9) * 0.9)) * pointScale;
}

/** The colours of stamped bytes. Stale points are striped with their ground. */
export function paletteOf(colors: PointColors): Palette {
	const pixels = new Uint32Array(CODES);
	const stripes = new Uint32Array(CODES);
	const ground = pixelOf(colors.ground);
	DRAW_ORDER.forEach((look, rank) => {
		const body = pixelOf(look >= STALE ? colors.stale : statusColor(look, colors));
		pixels[rank * 2 + 1] = stripes[rank * 2 + 1] = ground;
		pixels[rank * 2 + 2] = body;
		stripes[rank * 2 + 2] = look >= STALE ? ground : body;
	});
	return { pixels, stripes };
}

function statusColor(status: number, colors: PointColors): string {
	if (status === STATUS.open) return colors.open;
	if (status === STATUS.closed_planned) return colors.closedPlanned;
	return status === STATUS.closed_unplanned ? colors.closedUnplanned : colors.unknown;
}

/** A CSS colour as the machine's pixel: painted and read back, so that any notation will do. */
function pixelOf(color: string): number {
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = 1;
	const pen = canvas.getContext('2d');
	if (!pen) return 0;
	pen.fillStyle = color;
	pen.fillRect(0, 0, 1, 1);
	return new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer)[0] ?? 0;
}
