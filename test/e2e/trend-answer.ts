/** The history of a day in the hands of a test: what each hour had, and whether it can be fetched at all. */
import type { Page } from '@playwright/test';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHANGHAI_MS = 8 * HOUR_MS;

export interface TrendAnswer {
	/** From now on every request fails. */
	fail(): void;
}

/** Before `page.goto`. `visitsOf` says what each hour of each day had; null = nobody reported. */
export async function answerTrend(page: Page, visitsOf: (hour: number) => number | null): Promise<TrendAnswer> {
	let isFailing = false;
	await page.route('**/api/history/compare**', async (route) => {
		if (isFailing) return route.abort();
		const now = Date.now();
		const today = Math.floor((now + SHANGHAI_MS) / DAY_MS) * DAY_MS - SHANGHAI_MS;
		const hours = (from: number): object[] =>
			Array.from({ length: 24 }, (_, hour) => {
				const at = from + hour * HOUR_MS;
				return { at: new Date(at).toISOString(), visits: at > now ? null : visitsOf(hour) };
			});
		const asOf = new Date(now - 60_000).toISOString();
		const [yesterday, sameWeekday] = [hours(today - DAY_MS), hours(today - 7 * DAY_MS)];
		return route.fulfill({ json: { asOf, today: hours(today), yesterday, sameWeekday } });
	});
	return {
		fail() {
			isFailing = true;
		}
	};
}
