/** Moves things apart until none covers another, each as little as possible. Pure; the same input gives the same places. */

export interface Spot {
	readonly x: number;
	readonly y: number;
}

const ROUNDS = 60;
/** A thing that stands exactly on another is pushed this way, by its number. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** `gap`: least distance of two middles, in the unit of the spots. */
export function spreadApart(spots: readonly Spot[], gap: number): Spot[] {
	const places = spots.map(({ x, y }) => ({ x, y }));
	for (let round = 0; round < ROUNDS; round++) {
		let hasMoved = false;
		for (let i = 0; i < places.length; i++) {
			for (let j = i + 1; j < places.length; j++) hasMoved = pushApart(places, i, j, gap) || hasMoved;
		}
		if (!hasMoved) break;
	}
	return places;
}

function pushApart(places: { x: number; y: number }[], i: number, j: number, gap: number): boolean {
	const [one, other] = [places[i], places[j]];
	if (!one || !other) return false;
	const [dx, dy] = [other.x - one.x, other.y - one.y];
	const distance = Math.hypot(dx, dy);
	// Close enough to a gap counts as one: pushes of many neighbours never end exactly.
	if (distance >= gap * 0.99) return false;
	const angle = distance > 0 ? Math.atan2(dy, dx) : j * GOLDEN_ANGLE;
	const step = (gap - distance) / 2;
	one.x -= Math.cos(angle) * step;
	one.y -= Math.sin(angle) * step;
	other.x += Math.cos(angle) * step;
	other.y += Math.sin(angle) * step;
	return true;
}
