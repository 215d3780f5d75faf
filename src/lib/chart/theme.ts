/** How every chart looks. Colours are names of tokens, which the browser resolves; sizes are measured, because texts are laid out. */

export interface ChartTheme {
	readonly textStyle: object;
	readonly categoryAxis: object;
	readonly valueAxis: object;
	readonly tooltip: object;
	readonly line: object;
}

/** The theme for charts inside `element`: text sizes in px as they are there and now. */
export function themeOf(element: HTMLElement): ChartTheme {
	const probe = document.createElement('span');
	probe.style.fontSize = 'var(--size-note)';
	element.append(probe);
	const { fontSize, fontFamily } = getComputedStyle(probe);
	probe.remove();
	return chartTheme(Number.parseFloat(fontSize), fontFamily);
}

export function chartTheme(size: number, fontFamily: string): ChartTheme {
	const label = { color: 'var(--text-faint)', fontSize: size, fontFamily };
	return {
		textStyle: { color: 'var(--text-soft)', fontSize: size, fontFamily },
		categoryAxis: {
			axisLine: { lineStyle: { color: 'var(--line)' } },
			axisTick: { show: false },
			axisLabel: label,
			splitLine: { show: false }
		},
		valueAxis: {
			axisLine: { show: false },
			axisTick: { show: false },
			axisLabel: label,
			splitLine: { lineStyle: { color: 'var(--line-faint)', width: 1 } }
		},
		// A line that is 2 px beside a desk's text is hair on a wall.
		line: { lineStyle: { width: size / 6 } },
		tooltip: {
			backgroundColor: 'var(--surface-raised)',
			borderColor: 'var(--line)',
			textStyle: { color: 'var(--text)', fontSize: size, fontFamily }
		}
	};
}
