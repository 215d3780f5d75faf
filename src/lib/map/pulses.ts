/**
 * Short rings around stations that have just changed, on a canvas of their own: nothing runs while nothing changes, and
 * nothing at all where the viewer asked for less motion.
 */
const LASTS_MS = 900;
/** A wall without a graphics card paints these in software: few at once, and not at every frame. */
const AT_ONCE = 24;
const FRAME_MS = 40;
const FROM_PX = 5;
const TO_PX = 20;

interface Pulse {
	readonly x: number;
	readonly y: number;
	readonly begun: number;
	readonly color: string;
}

export class Pulses {
	readonly canvas = document.createElement('canvas');
	readonly #stillness = window.matchMedia('(prefers-reduced-motion: reduce)');
	#running: Pulse[] = [];
	/** a drawing is asked for, or waited for */
	#frame = 0;
	#rest: ReturnType<typeof setTimeout> | undefined;

	constructor() {
		this.canvas.className = 'leaflet-zoom-animated';
		this.canvas.setAttribute('aria-hidden', 'true');
	}

	/** css px; half the screen's sharpness is enough for a ring. */
	resize(width: number, height: number): void {
		this.stop();
		if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
	}

	/** Starts a ring at each place in view (css px of the canvas); those beyond the limit are left out. */
	start(places: readonly { x: number; y: number }[], color: string): void {
		if (places.length === 0 || this.#stillness.matches || document.hidden) return;
		const begun = performance.now();
		const { width, height } = this.canvas;
		for (const { x, y } of places) {
			if (this.#running.length >= AT_ONCE) break;
			if (x > 0 && y > 0 && x < width && y < height) this.#running.push({ x, y, begun, color });
		}
		if (!this.#frame && this.#rest === undefined && this.#running.length > 0) this.#ask();
	}

	stop(): void {
		cancelAnimationFrame(this.#frame);
		clearTimeout(this.#rest);
		this.#frame = 0;
		this.#rest = undefined;
		if (this.#running.length === 0) return;
		this.#running = [];
		this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height);
	}

	#draw(now: number): void {
		this.#frame = 0;
		const pen = this.canvas.getContext('2d');
		if (!pen) return;
		// Only the small squares in use are cleared: the canvas may be as large as a wall.
		for (const { x, y } of this.#running) pen.clearRect(x - TO_PX - 3, y - TO_PX - 3, TO_PX * 2 + 6, TO_PX * 2 + 6);
		this.#running = this.#running.filter((pulse) => now - pulse.begun < LASTS_MS);
		for (const pulse of this.#running) drawRing(pen, pulse, (now - pulse.begun) / LASTS_MS);
		// A rest between two frames is asleep: a frame that draws nothing would cost a frame all the same.
		if (this.#running.length > 0) this.#rest = setTimeout(() => this.#ask(), FRAME_MS);
		else this.#rest = undefined;
	}

	#ask(): void {
		this.#rest = undefined;
		this.#frame = requestAnimationFrame((now) => this.#draw(now));
	}
}

function drawRing(pen: CanvasRenderingContext2D, { x, y, color }: Pulse, share: number): void {
	pen.beginPath();
	pen.arc(x, y, FROM_PX + (TO_PX - FROM_PX) * Math.max(0, share), 0, Math.PI * 2);
	pen.lineWidth = 2;
	pen.globalAlpha = Math.min(1, Math.max(0, 1 - share)) * 0.9;
	pen.strokeStyle = color;
	pen.stroke();
	pen.globalAlpha = 1;
}
