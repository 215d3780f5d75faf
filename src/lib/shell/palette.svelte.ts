/** Whether the command palette is open. Its code is loaded when it is first asked for. */
class PaletteState {
	isOpen = $state(false);
	#wasAsked = $state(false);

	get wasAsked(): boolean {
		return this.#wasAsked;
	}

	open(): void {
		this.#wasAsked = true;
		this.isOpen = true;
	}

	/** Ctrl K, ⌘ K. A listener of the window. */
	readonly onkeydown = (event: KeyboardEvent): void => {
		if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
		event.preventDefault();
		if (this.isOpen) this.isOpen = false;
		else this.open();
	};
}

export const palette = new PaletteState();
