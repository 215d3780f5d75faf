/** Where the members of a fan stand around their one place: a ring while they fit, a spiral beyond. */

/** css px from the place of the fan */
export interface FanSpot {
	readonly x: number;
	readonly y: number;
}

/** Members on one ring; more would need a ring too wide to belong to its place. */
const RING = 9;
const RING_STEP_PX = 7;
const SPIRAL_START_PX = 34;
const SPIRAL_GROWTH_PX = 5;

/** `gap`: least css px between the middles of two members. The first stands at the top, the rest follow the clock. */
export function fanSpots(count: number, gap: number): FanSpot[] {
	return count <= RING ? ring(count, gap) : spiral(count, gap);
}

function ring(count: number, gap: number): FanSpot[] {
	// The chord between two neighbours on a circle is 2 r sin(π / n).
	const least = count > 1 ? gap / (2 * Math.sin(Math.PI / count)) : 0;
	const radius = Math.max(gap, least) + RING_STEP_PX;
	return Array.from({ length: count }, (_, i) => spot(radius, (i / count) * Math.PI * 2));
}

function spiral(count: number, gap: number): FanSpot[] {
	const spots: FanSpot[] = [];
	let radius = Math.max(SPIRAL_START_PX, gap * 1.5);
	let angle = 0;
	for (let i = 0; i < count; i++) {
		spots.push(spot(radius, angle));
		// A turn must take the spiral out by a whole gap, or its arms touch.
		const turn = gap / radius;
		radius += Math.max(SPIRAL_GROWTH_PX, (gap * turn) / (Math.PI * 2) + 1);
		angle += turn;
	}
	return spots;
}

const spot = (radius: number, angle: number): FanSpot => ({
	x: Math.sin(angle) * radius,
	y: -Math.cos(angle) * radius
});
