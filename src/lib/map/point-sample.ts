/** A point as the map draws it, on a canvas of a legend; it follows the theme. For `{@attach pointSample({ look })}`. */
import { readStyle, watchTheme } from './map-style.ts';
import { drawPoint } from './sprites.ts';

export interface SamplePoint {
	readonly look: number;
	/** index in SITE_KINDS; unset = a plain point */
	readonly kind?: number;
	readonly hasHonour?: boolean;
}

const SIDE = 22;
const PLAIN_RADIUS = 5;
const SIGN_RADIUS = 8;
/** Sharp on every screen; the canvas is tiny. */
const SHARPNESS = 3;

export function pointSample({ look, kind, hasHonour = false }: SamplePoint): (canvas: HTMLCanvasElement) => () => void {
	return (canvas) => {
		const draw = (): void => {
			canvas.width = canvas.height = SIDE * SHARPNESS;
			const pen = canvas.getContext('2d');
			if (!pen || !canvas.parentElement) return;
			const { colors } = readStyle(canvas.parentElement);
			pen.setTransform(SHARPNESS, 0, 0, SHARPNESS, canvas.width / 2, canvas.height / 2);
			const radius = kind === undefined ? PLAIN_RADIUS : SIGN_RADIUS;
			drawPoint(pen, { look, kind: kind ?? 0, hasHonour }, radius, colors);
		};
		canvas.setAttribute('aria-hidden', 'true');
		draw();
		return watchTheme(draw);
	};
}
