/** Names on a canvas of their own below the points: drawn after a move or when a figure in them has changed, not with the data. */
import { CanvasLayer } from './canvas-layer.ts';
import { latOf, lngOf, worldX, worldY, type CanvasProjection } from './mercator.ts';
import type { MapStyle } from './map-style.ts';
import { placeLabels, type Label, type PlacedLabel } from './place-labels.ts';
import type { PointSet } from './point-set.ts';

/** Degrees between two lines of the graticule, from wide to narrow, and the least distance of two lines on the screen. */
const STEPS = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const LEAST_PX = 90;
const WORLD_PX = 256;

export class LabelLayer extends CanvasLayer {
	#style: MapStyle;
	#labels: readonly Label[] = [];
	#points: PointSet | null = null;
	#hasGraticule = true;
	/** where names stand in this view; null = to be worked out */
	#placed: readonly PlacedLabel[] | null = null;

	constructor(style: MapStyle) {
		super('names');
		this.#style = style;
	}

	/** Labels in the order of their importance; `points` are what they should not cover. */
	show(labels: readonly Label[], points: PointSet | null): void {
		this.#labels = labels;
		this.#points = points;
		this.#placed = null;
		this.requestDraw();
	}

	/** Lines of longitude and latitude, where there is nothing else to hold on to. */
	showGraticule(hasGraticule: boolean): void {
		this.#hasGraticule = hasGraticule;
		this.requestDraw();
	}

	restyle(style: MapStyle): void {
		this.#style = style;
		this.#placed = null;
		this.requestDraw();
	}

	protected override moved(): void {
		this.#placed = null;
	}

	protected override draw(projection: CanvasProjection): void {
		const { pen } = this;
		if (!pen) return;
		pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
		pen.clearRect(0, 0, projection.width, projection.height);
		if (this.#hasGraticule) drawGraticule(pen, projection, this.#style.grid);
		this.#placed ??= placeLabels(this.#labels, this.#points, projection);
		pen.textAlign = 'center';
		pen.textBaseline = 'middle';
		pen.lineJoin = 'round';
		for (const placed of this.#placed) drawLabel(pen, placed, this.#style);
	}
}

function drawLabel(pen: CanvasRenderingContext2D, { label, x, y }: PlacedLabel, style: MapStyle): void {
	const { lines, size, spacing, kind } = label;
	lines.forEach((line, i) => {
		const isFigure = i > 0;
		pen.font = `${isFigure ? '600 ' : ''}${size}px ${style.font}`;
		pen.letterSpacing = isFigure ? '0px' : `${spacing * size}px`;
		pen.fillStyle = isFigure ? style.figure : kind === 'district' ? style.name : style.placeName;
		pen.strokeStyle = style.halo;
		pen.lineWidth = 3;
		const middle = y + (i - (lines.length - 1) / 2) * size * 1.2;
		// The space after the last letter moves the text to the left.
		const shift = isFigure ? 0 : (spacing * size) / 2;
		pen.strokeText(line, x + shift, middle);
		pen.fillText(line, x + shift, middle);
	});
	pen.letterSpacing = '0px';
}

function drawGraticule(pen: CanvasRenderingContext2D, projection: CanvasProjection, color: string): void {
	const { scale, left, top, width, height } = projection;
	const pxPerDegree = (WORLD_PX * scale) / 360;
	const step = STEPS.findLast((degrees) => degrees * pxPerDegree >= LEAST_PX) ?? 1;
	const [west, east] = [lngOf(left / scale), lngOf((left + width) / scale)];
	const [north, south] = [latOf(top / scale), latOf((top + height) / scale)];
	pen.beginPath();
	for (let i = Math.ceil(west / step); i * step <= east; i++) {
		const x = Math.round(worldX(i * step) * scale - left) + 0.5;
		pen.moveTo(x, 0);
		pen.lineTo(x, height);
	}
	for (let i = Math.ceil(south / step); i * step <= north; i++) {
		const y = Math.round(worldY(i * step) * scale - top) + 0.5;
		pen.moveTo(0, y);
		pen.lineTo(width, y);
	}
	pen.lineWidth = 1;
	pen.strokeStyle = color;
	pen.stroke();
}
