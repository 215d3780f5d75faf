/** Web Mercator at zoom 0: one world is 256 px, as Leaflet's. */
export const WORLD_PX = 256;

export function worldX(lng: number): number {
	return ((lng + 180) / 360) * WORLD_PX;
}

export function worldY(lat: number): number {
	const sine = Math.sin((lat * Math.PI) / 180);
	return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_PX;
}

export function lngOf(x: number): number {
	return (x / WORLD_PX) * 360 - 180;
}

export function latOf(y: number): number {
	return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD_PX))) * 180) / Math.PI;
}

/** From world pixels at zoom 0 to css px of a canvas: `world * scale - left`. */
export interface CanvasProjection {
	readonly scale: number;
	readonly left: number;
	readonly top: number;
	/** css px of the canvas */
	readonly width: number;
	readonly height: number;
	/** css px of the canvas beyond the view, left and right, above and below */
	readonly beyondX: number;
	readonly beyondY: number;
}
