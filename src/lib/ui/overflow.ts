/** Tells whether more of an element's content lies beyond its inline end: for a mark that it scrolls. For `{@attach}`. */
export const overflow =
	(tell: (hasMore: boolean) => void) =>
	(element: HTMLElement): (() => void) => {
		// A pixel is lost to rounding.
		const look = (): void => tell(element.scrollWidth - element.clientWidth - element.scrollLeft > 1);
		const sizes = new ResizeObserver(look);
		sizes.observe(element);
		if (element.firstElementChild) sizes.observe(element.firstElementChild);
		element.addEventListener('scroll', look, { passive: true });
		return () => {
			sizes.disconnect();
			element.removeEventListener('scroll', look);
		};
	};
