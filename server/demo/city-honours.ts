/** Which stations bear a 最美 honour: 17 national and 93 provincial ones, each at another station (published figures). */
import type { HonourRecord } from '#domain/hours.ts';
import type { DemoSite } from './demo-site.ts';
import { seededRandom } from './random.ts';

export const NATIONAL_HONOURS = 17;
export const PROVINCIAL_HONOURS = 93;
const FIRST_YEAR = 2019;
const LAST_YEAR = 2024;

const TITLES = {
	national: '最美工会户外劳动者服务站点（全国）',
	provincial: '江苏省最美工会户外劳动者服务站点'
} as const;

/** Juries like smart and union-owned stations: those come first, chance decides among them. */
export function withHonours(seed: number, sites: readonly DemoSite[]): DemoSite[] {
	const random = seededRandom(seed, 'honours');
	const order = sites
		.filter((site) => site.kind === 'service_station')
		.map((site) => ({ code: site.code, merit: merit(site) + random.next() * 2 }))
		.toSorted((a, b) => b.merit - a.merit);
	const honours = new Map<string, HonourRecord>();
	for (const { code } of order.slice(0, NATIONAL_HONOURS + PROVINCIAL_HONOURS)) {
		const level = honours.size < NATIONAL_HONOURS ? 'national' : 'provincial';
		honours.set(code, { level, year: random.integer(FIRST_YEAR, LAST_YEAR), title: TITLES[level] });
	}
	return sites.map((site) => {
		const honour = honours.get(site.code);
		return honour ? { ...site, honours: [honour] } : site;
	});
}

function merit(site: DemoSite): number {
	return (site.telemetry === 'live' ? 1 : 0) + (site.ownership === 'union' ? 0.5 : 0);
}
