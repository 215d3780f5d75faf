/** What lies under the points until the city has a basemap: a faint graticule and the names of its districts. */
import type { PlacedLabel } from './place-labels.ts';
import { worldX, worldY } from './point-set.ts';

/** From world pixels at zoom 0 to css px of the canvas: `world * scale - left`. */
export interface CanvasProjection {
	readonly scale: number;
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
	/** css px of the canvas beyond the view, left and right, above and below */
	readonly beyondX: number;
	readonly beyondY: number;
}

export interface GroundStyle {
	readonly label: string;
	readonly grid: string;
	readonly font: string;
	/** css px */
	readonly labelSize: number;
}

/** Degrees between two lines, from wide to narrow, and the least distance of two lines on the screen. */
const STEPS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const LEAST_PX = 90;
const WORLD_PX = 256;

export function drawGround(
	pen: CanvasRenderingContext2D,
	labels: readonly PlacedLabel[],
	projection: CanvasProjection,
	style: GroundStyle
): void {
	drawGraticule(pen, projection, style.grid);
	pen.font = `${style.labelSize}px ${style.font}`;
	pen.textAlign = 'center';
	pen.textBaseline = 'middle';
	pen.fillStyle = style.label;
	pen.letterSpacing = '0.25em';
	for (const label of labels) pen.fillText(label.name, label.x, label.y);
	pen.letterSpacing = '0px';
}

function drawGraticule(pen: CanvasRenderingContext2D, projection: CanvasProjection, color: string): void {
	const { scale, left, top, width, height } = projection;
	const pxPerDegree = (WORLD_PX * scale) / 360;
	const step = STEPS.findLast((degrees) => degrees * pxPerDegree >= LEAST_PX) ?? 1;
	const lngAt = (x: number): number => ((x + left) / scale / WORLD_PX) * 360 - 180;
	const latAt = (y: number): number => {
		const n = Math.PI * (1 - (2 * (y + top)) / scale / WORLD_PX);
		return (Math.atan(Math.sinh(n)) * 180) / Math.PI;
	};
	pen.beginPath();
	for (let i = Math.ceil(lngAt(0) / step); i * step <= lngAt(width); i++) {
		const x = Math.round(worldX(i * step) * scale - left) + 0.5;
		pen.moveTo(x, 0);
		pen.lineTo(x, height);
	}
	for (let i = Math.ceil(latAt(height) / step); i * step <= latAt(0); i++) {
		const y = Math.round(worldY(i * step) * scale - top) + 0.5;
		pen.moveTo(0, y);
		pen.lineTo(width, y);
	}
	pen.lineWidth = 1;
	pen.strokeStyle = color;
	pen.stroke();
}
