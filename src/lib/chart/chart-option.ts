/** The shape of an option: what a view function returns and the attachment draws. Types only: nothing of the library loads. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, MarkAreaComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type ChartOption = ComposeOption<
	BarSeriesOption | LineSeriesOption | GridComponentOption | MarkAreaComponentOption | TooltipComponentOption
>;

/** No chart moves by itself: a wall is looked at for months, and what moves without a reason is noise. */
export const STILL = { animation: false } as const;
