/** A resting pointer opens, leaving closes; a click or a key opens for good. A pointer that only passes opens nothing. */
const OPEN_AFTER_MS = 500;
/** Time to cross from the figure to its card. */
const CLOSE_AFTER_MS = 250;

export class HoverIntent {
	#isOpen = $state(false);
	#isPinned = $state(false);
	#wasAsked = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;

	get isOpen(): boolean {
		return this.#isOpen;
	}

	/** Opened by a click or a key: the focus moves in, and only a click or a key closes. */
	get isPinned(): boolean {
		return this.#isPinned;
	}

	/** It was wanted at least once: time to load it. */
	get wasAsked(): boolean {
		return this.#wasAsked;
	}

	enter(pointerType = 'mouse'): void {
		clearTimeout(this.#timer);
		if (pointerType === 'mouse' && !this.#isOpen) this.#timer = setTimeout(() => this.#open(false), OPEN_AFTER_MS);
	}

	leave(): void {
		clearTimeout(this.#timer);
		if (this.#isOpen && !this.#isPinned) this.#timer = setTimeout(() => this.close(), CLOSE_AFTER_MS);
	}

	toggle(): void {
		clearTimeout(this.#timer);
		if (this.#isOpen && this.#isPinned) this.close();
		else this.#open(true);
	}

	close(): void {
		clearTimeout(this.#timer);
		this.#isOpen = false;
		this.#isPinned = false;
	}

	#open(isPinned: boolean): void {
		this.#wasAsked = true;
		this.#isOpen = true;
		this.#isPinned = isPinned;
	}
}
