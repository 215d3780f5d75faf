import { describe, expect, it } from 'vitest';
import { fulfilmentOption, fulfilmentShares } from './fulfilment-option.ts';

const day = (over: object) => ({ day: '2026-11-22', postedSeconds: 1000, openSeconds: 0, unknownSeconds: 0, ...over });

describe('opening fulfilment by day', () => {
	it('keeps what is not known apart from open and from shut', () => {
		const [shares] = fulfilmentShares([day({ openSeconds: 700, unknownSeconds: 200 })]);
		expect(shares!.open).toBeCloseTo(0.7);
		expect(shares!.unknown).toBeCloseTo(0.2);
		expect(shares!.shut).toBeCloseTo(0.1);
	});

	it('is unknown, and not 0, on a day without posted hours', () => {
		expect(fulfilmentShares([day({ postedSeconds: 0 })])).toEqual([
			{ day: '2026-11-22', open: null, shut: null, unknown: null }
		]);
	});

	it('draws three parts of one whole and says them under a pointer', () => {
		const option = fulfilmentOption(fulfilmentShares([day({ openSeconds: 995, unknownSeconds: 5 })]), 'url(#gap)');
		const { series, tooltip } = option as unknown as {
			series: { stack: string }[];
			tooltip: { formatter: (hover: unknown) => string };
		};
		expect(series.map(({ stack }) => stack)).toEqual(['posted', 'posted', 'posted']);
		expect(tooltip.formatter([{ dataIndex: 0 }])).toBe('11月22日<br>核实开放 99%<br>未开放 0%<br>未知 1%');
	});
});
