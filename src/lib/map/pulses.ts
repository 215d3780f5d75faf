/**
 * Short rings around sites that have just changed: few small elements, so that a running ring repaints itself and not a canvas
 * as large as a wall. Nothing runs while nothing changes, and nothing at all where the viewer asked for less motion.
 */
const LASTS_MS = 900;
/** A wall without a graphics card paints these in software: few at once, and not at every frame of the screen. */
const AT_ONCE = 12;
const STEPS = 14;
/** css px across, at its end. */
const SIZE_PX = 42;
const FIRST_SCALE = 0.24;

export interface PulsePlace {
	readonly x: number;
	readonly y: number;
}

export class Pulses {
	/** to be laid over the points; places are css px of it */
	readonly element = document.createElement('div');
	readonly #stillness = window.matchMedia('(prefers-reduced-motion: reduce)');
	readonly #idle: HTMLElement[] = [];
	readonly #running = new Map<HTMLElement, Animation>();

	constructor() {
		this.element.className = 'leaflet-zoom-animated';
		this.element.setAttribute('aria-hidden', 'true');
		for (let i = 0; i < AT_ONCE; i++) {
			const ring = document.createElement('i');
			ring.className = 'map-pulse';
			this.element.append(ring);
			this.#idle.push(ring);
		}
	}

	/** Starts a ring at each place inside `width` × `height`; those beyond the limit are left out. */
	start(places: readonly PulsePlace[], color: string, width: number, height: number): void {
		if (places.length === 0 || this.#stillness.matches || document.hidden) return;
		for (const { x, y } of places) {
			if (x < 0 || y < 0 || x > width || y > height) continue;
			const ring = this.#idle.pop();
			if (!ring) return;
			this.#run(ring, x, y, color);
		}
	}

	stop(): void {
		for (const [ring, animation] of this.#running) {
			animation.cancel();
			this.#rest(ring);
		}
	}

	#run(ring: HTMLElement, x: number, y: number, color: string): void {
		const at = `translate(${x - SIZE_PX / 2}px, ${y - SIZE_PX / 2}px)`;
		if (ring.style.borderColor !== color) ring.style.borderColor = color;
		const animation = ring.animate(
			[
				{ transform: `${at} scale(${FIRST_SCALE})`, opacity: 0.9 },
				{ transform: `${at} scale(1)`, opacity: 0 }
			],
			{ duration: LASTS_MS, easing: `steps(${STEPS})` }
		);
		animation.addEventListener('finish', () => this.#rest(ring));
		this.#running.set(ring, animation);
	}

	#rest(ring: HTMLElement): void {
		this.#running.delete(ring);
		this.#idle.push(ring);
	}
}
