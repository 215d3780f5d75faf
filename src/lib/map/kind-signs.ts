/** Signs of the kinds of sites, drawn inside a point: a bar, a flower, a heart, a wheel. Told apart without words or colour. */
import { SITE_KINDS, type SiteKind } from '#domain/site.ts';
import type { Pen } from './sprites.ts';

const SIGNS: Record<SiteKind, (pen: Pen, radius: number) => void> = {
	service_station: drawHouse,
	carnation_station: drawFlower,
	nursing_room: drawHeart,
	driver_home: drawWheel
};

/** `kind` = index in SITE_KINDS; drawn around 0, 0 with the fill and stroke that are set. */
export function drawKind(pen: Pen, kind: number, radius: number): void {
	const name = SITE_KINDS[kind];
	if (name) SIGNS[name](pen, radius);
}

/** A roof over a door: a place to come in. */
function drawHouse(pen: Pen, radius: number): void {
	pen.beginPath();
	pen.moveTo(0, -radius);
	pen.lineTo(radius, -radius * 0.1);
	pen.lineTo(radius * 0.62, -radius * 0.1);
	pen.lineTo(radius * 0.62, radius * 0.75);
	pen.lineTo(-radius * 0.62, radius * 0.75);
	pen.lineTo(-radius * 0.62, -radius * 0.1);
	pen.lineTo(-radius, -radius * 0.1);
	pen.closePath();
	pen.fill();
}

function drawFlower(pen: Pen, radius: number): void {
	pen.beginPath();
	for (let petal = 0; petal < 5; petal++) {
		const angle = (petal / 5) * Math.PI * 2 - Math.PI / 2;
		const [x, y] = [Math.cos(angle) * radius * 0.58, Math.sin(angle) * radius * 0.58];
		pen.moveTo(x, y);
		pen.arc(x, y, radius * 0.42, 0, Math.PI * 2);
	}
	pen.fill();
}

function drawHeart(pen: Pen, radius: number): void {
	pen.beginPath();
	pen.moveTo(0, radius * 0.85);
	pen.bezierCurveTo(-radius * 1.5, -radius * 0.2, -radius * 0.75, -radius * 1.15, 0, -radius * 0.35);
	pen.bezierCurveTo(radius * 0.75, -radius * 1.15, radius * 1.5, -radius * 0.2, 0, radius * 0.85);
	pen.fill();
}

function drawWheel(pen: Pen, radius: number): void {
	pen.lineWidth = Math.max(1.2, radius * 0.3);
	pen.beginPath();
	pen.arc(0, 0, radius * 0.82, 0, Math.PI * 2);
	pen.moveTo(-radius * 0.8, 0);
	pen.lineTo(radius * 0.8, 0);
	pen.moveTo(0, 0);
	pen.lineTo(0, radius * 0.8);
	pen.stroke();
}
