/** The same site entered twice: one kind, one name, one place. */
import type { ExaminedSite, Found } from './problems.ts';

/** Two entries of one house differ by the width of a building, or by the last digits of a geocoder. */
const SAME_PLACE_M = 50;
const METRES_PER_DEGREE = 111_195;
/** Of a name that stands at one place again and again, so many others are listed. */
const SHOWN = 8;

interface Located extends ExaminedSite {
	readonly lng: number;
	readonly lat: number;
}

/** By code of the site: the codes of the others. */
export function duplicatesOf(sites: readonly ExaminedSite[]): Map<string, Found[]> {
	const others = new Map<string, string[]>();
	const pair = (a: ExaminedSite, b: ExaminedSite): void => {
		for (const [one, other] of [[a, b] as const, [b, a] as const]) {
			const known = others.get(one.code);
			if (!known) others.set(one.code, [other.code]);
			else if (known.length < SHOWN) known.push(other.code);
		}
	};
	for (const group of Map.groupBy(sites, ({ kind, name }) => `${kind} ${plain(name)}`).values()) {
		if (group.length < 2) continue;
		const located = group.filter((site): site is Located => site.lng !== null && site.lat !== null);
		pairNear(located, pair);
		pairUnlocated(
			group.filter(({ lng, lat }) => lng === null || lat === null),
			located,
			pair
		);
	}
	return new Map([...others].map(([code, codes]) => [code, [['duplicate', '', codes]]]));
}

type Pair = (a: ExaminedSite, b: ExaminedSite) => void;

/** From south to north, so that each is compared with the few next to it only. */
function pairNear(sites: readonly Located[], pair: Pair): void {
	const sorted = sites.toSorted((a, b) => a.lat - b.lat);
	sorted.forEach((site, index) => {
		for (const other of sorted.slice(index + 1, index + 1 + SHOWN)) {
			const north = (other.lat - site.lat) * METRES_PER_DEGREE;
			if (north > SAME_PLACE_M) return;
			const east = (other.lng - site.lng) * METRES_PER_DEGREE * Math.cos((site.lat * Math.PI) / 180);
			if (Math.hypot(east, north) <= SAME_PLACE_M) pair(site, other);
		}
	});
}

/** Without coordinates a site is where its address is; where it has none, its name in its district has to do. */
function pairUnlocated(sites: readonly ExaminedSite[], located: readonly Located[], pair: Pair): void {
	const firstAt = new Map<string, ExaminedSite>();
	const placeOf = ({ address, districtCode }: ExaminedSite): string =>
		address === null ? `district ${districtCode}` : `address ${plain(address)}`;
	for (const site of located) if (site.address !== null) firstAt.set(placeOf(site), site);
	for (const site of sites) {
		const known = firstAt.get(placeOf(site));
		if (known) pair(known, site);
		else firstAt.set(placeOf(site), site);
	}
}

/** Width of characters, spaces, brackets and dots are a matter of typing. */
const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[\s\p{P}]/gu, '');
