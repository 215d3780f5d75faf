/** The parts of ECharts that we use, and no others. Loaded by itself, after what a page needs first. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartOption } from './chart-option.ts';
import { themeOf } from './theme.ts';

// SVG: it understands CSS variables, so themes and the grey of old data reach a chart without drawing it anew.
use([BarChart, LineChart, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

export interface Engine {
	/** The chart shows this and nothing of what it showed before. */
	show(option: ChartOption): void;
	destroy(): void;
}

/** Sets a chart up in an element and follows its size. */
export function createEngine(element: HTMLElement): Engine {
	let chart: EChartsType | null = null;
	let shown: ChartOption | null = null;
	let themeKey = '';

	/** A text size follows the screen (walls) or the reader's settings; widths of texts decide about the layout. */
	function fit(): void {
		const [width, height] = [element.clientWidth, element.clientHeight];
		if (width === 0 || height === 0) return;
		const theme = themeOf(element);
		const key = JSON.stringify(theme);
		if (!chart) {
			chart = init(element, theme, { renderer: 'svg', width, height });
			if (shown) chart.setOption(shown);
		} else {
			if (key !== themeKey) chart.setTheme(theme);
			chart.resize({ width, height, silent: true });
		}
		themeKey = key;
	}

	const sizes = new ResizeObserver(fit);
	sizes.observe(element);
	return {
		show(option) {
			shown = option;
			if (chart) chart.setOption(option, { notMerge: true, lazyUpdate: true, silent: true });
			else fit();
		},
		destroy() {
			sizes.disconnect();
			chart?.dispose();
		}
	};
}
