/**
 * Charts behind one attachment: `{@attach chart(() => trendOption(view))}` on an element that has a size. The option is
 * worked out again when something it read has changed; the chart itself lives on.
 */
import type { Attachment } from 'svelte/attachments';
import type { ChartOption } from './chart-option.ts';
import type { Engine } from './engine.ts';

/** `option` null = nothing to draw yet; the library is not even loaded for it. */
export function chart(option: () => ChartOption | null, onfail?: (cause: unknown) => void): Attachment<HTMLElement> {
	return (element) => {
		let engine = $state.raw<Engine | null>(null);
		let isAsked = false;
		let isGone = false;

		function load(): void {
			isAsked = true;
			import('./engine.ts').then(
				({ createEngine }) => {
					if (!isGone) engine = createEngine(element);
				},
				(cause: unknown) => {
					reportError(cause);
					onfail?.(cause);
				}
			);
		}

		$effect(() => {
			const next = option();
			if (!next) return;
			if (engine) engine.show(next);
			else if (!isAsked) load();
		});

		return () => {
			isGone = true;
			engine?.destroy();
		};
	};
}
