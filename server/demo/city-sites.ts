/** The sites of the demo city, street by street. */
import { parseHours } from '#domain/hours.ts';
import { must } from '#domain/must.ts';
import type { SiteKind, Telemetry } from '#domain/site.ts';
import { DISTRICTS, organisationId, type Street } from './city-areas.ts';
import { CARNATION_HOSTS, choosePlace, METRO_HOST, NURSING_HOSTS, STATION_HOSTS, type Host } from './city-hosts.ts';
import { NAMED_STATIONS, type NamedStation } from './city-named.ts';
import { clusterOf, pointChooser, type Cluster, type Point } from './city-points.ts';
import type { DemoSite } from './demo-site.ts';
import { fittingsOf } from './city-fittings.ts';
import { seededRandom, type Random } from './random.ts';

/** Published figures of Wuxi for 2024 (stations, smart stations) and 2025 (carnation stations, nursing rooms). */
export const STATIONS = 801;
export const LIVE_STATIONS = 83;
export const CARNATION_STATIONS = 384;
export const NURSING_ROOMS = 415;
/** Estimated: of the stations without devices, three in five have a keeper who reports. */
const MANUAL_SHARE = 0.6;
/** Devices of a smart station report once a minute; half a minute is for the way, so that a healthy city has no late marks. */
const LIVE_PERIOD_SECONDS = 90;

interface KindPlan {
	readonly kind: SiteKind;
	/** Two digits inside a station code */
	readonly typeCode: string;
	readonly total: number;
	readonly suffix: string;
	readonly hosts: readonly Host[];
}

const KINDS: readonly KindPlan[] = [
	{ kind: 'service_station', typeCode: '01', total: STATIONS, suffix: '工会驿站', hosts: STATION_HOSTS },
	{
		kind: 'carnation_station',
		typeCode: '02',
		total: CARNATION_STATIONS,
		suffix: '康乃馨服务站',
		hosts: CARNATION_HOSTS
	},
	{ kind: 'nursing_room', typeCode: '03', total: NURSING_ROOMS, suffix: '爱心母婴室', hosts: NURSING_HOSTS }
];

const METRO_DISTRICTS: ReadonlySet<string> = new Set(['320213', '320211', '320214', '320200-jk', '320205', '320206']);

interface Making {
	readonly random: Random;
	readonly choosePoint: (street: Point, cluster: Cluster, random: Random) => Point;
	readonly clusters: ReadonlyMap<string, Cluster>;
	readonly names: Set<string>;
	/** Next number by district of GB/T 2260 and type */
	readonly numbers: Map<string, number>;
}

/** All sites without honours, in the order of their streets; stations of `city-named.ts` come first in theirs. */
export function draftSites(seed: number, streets: readonly Street[]): DemoSite[] {
	const random = seededRandom(seed, 'sites');
	const making: Making = {
		random,
		choosePoint: pointChooser(),
		clusters: new Map(streets.map((street) => [street.code, clusterOf(street, random)])),
		names: new Set(NAMED_STATIONS.map(({ name }) => name)),
		numbers: new Map()
	};
	return KINDS.flatMap((plan) => {
		const shares = shareByStreet(plan.total, streets);
		const places = streets.flatMap((street, index) => placesIn(plan, street, must(shares[index], 'a share')));
		const telemetry = plan.kind === 'service_station' ? shareTelemetry(seed, places) : [];
		return places.map((place, index) => makeSite(making, plan, place, telemetry[index] ?? 'none'));
	});
}

interface PlaceInStreet {
	readonly street: Street;
	readonly named: NamedStation | null;
}

function placesIn(plan: KindPlan, street: Street, count: number): PlaceInStreet[] {
	const named = plan.kind === 'service_station' ? NAMED_STATIONS.filter((one) => one.street === street.code) : [];
	return Array.from({ length: count }, (_, index) => ({ street, named: named[index] ?? null }));
}

/** Sites by street: districts by their weight, streets of the city twice as dense as towns. */
function shareByStreet(total: number, streets: readonly Street[]): number[] {
	const density = (street: Street) => (street.name.endsWith('镇') ? 0.7 : 1.2);
	const weights = streets.map((street) => {
		const district = must(
			DISTRICTS.find(({ code }) => code === street.districtCode),
			`district ${street.districtCode} is not known`
		);
		const inDistrict = streets.filter((other) => other.districtCode === street.districtCode);
		return (district.weight * density(street)) / inDistrict.reduce((sum, other) => sum + density(other), 0);
	});
	return shareOut(total, weights);
}

/** Whole shares that add up to `total`, by largest remainder; everyone gets at least one. */
export function shareOut(total: number, weights: readonly number[]): number[] {
	const sum = weights.reduce((all, weight) => all + weight, 0);
	const exact = weights.map((weight) => 1 + ((total - weights.length) * weight) / sum);
	const shares = exact.map(Math.floor);
	const byRemainder = exact.map((share, index) => ({ index, rest: share % 1 })).toSorted((a, b) => b.rest - a.rest);
	const missing = total - shares.reduce((all, share) => all + share, 0);
	for (const { index } of byRemainder.slice(0, missing)) shares[index] = (shares[index] ?? 0) + 1;
	return shares;
}

/** 83 live stations, the described ones among them; keepers report at three in five of the others. */
function shareTelemetry(seed: number, places: readonly PlaceInStreet[]): Telemetry[] {
	const random = seededRandom(seed, 'telemetry');
	const result = places.map(({ named }): Telemetry => named?.telemetry ?? 'none');
	const open = random.shuffled(places.flatMap(({ named }, index) => (named ? [] : [index])));
	const count = (wanted: Telemetry) => result.filter((telemetry) => telemetry === wanted).length;
	const live = open.splice(0, LIVE_STATIONS - count('live'));
	for (const index of live) result[index] = 'live';
	const manual = Math.round((places.length - LIVE_STATIONS) * MANUAL_SHARE) - count('manual');
	for (const index of open.slice(0, manual)) result[index] = 'manual';
	return result;
}

function makeSite(making: Making, plan: KindPlan, { street, named }: PlaceInStreet, telemetry: Telemetry): DemoSite {
	const { random } = making;
	const cluster = must(making.clusters.get(street.code), `street ${street.code} has no cluster`);
	const { lng, lat } = making.choosePoint(street, cluster, random);
	const drawn = named ?? drawSite(making, plan, street, telemetry);
	const { hours, is24h } = parseHours(drawn.hoursText);
	return {
		code: siteCode(making, street, plan.typeCode),
		name: drawn.name,
		alias: drawn.alias ?? null,
		kind: plan.kind,
		form: 'fixed',
		ownership: drawn.ownership,
		hostType: drawn.hostType,
		organisationId: organisationId(street.code),
		districtCode: street.districtCode,
		streetCode: street.code,
		address: drawn.address,
		...{ lng, lat, originalLng: lng, originalLat: lat, datum: 'wgs84' },
		floorAreaM2: drawn.floorAreaM2,
		// About 2.5 m² for each seat, as in the star-rating rules of other cities (30 m² and more for 12 to 20 people).
		capacity: Math.max(2, Math.round(drawn.floorAreaM2 / 2.5)),
		openedOn: `${random.integer(2018, telemetry === 'live' ? 2024 : 2023)}-${twoDigits(random.integer(1, 12))}-${twoDigits(random.integer(1, 28))}`,
		lifecycle: 'open',
		hoursText: drawn.hoursText,
		hours,
		hoursExceptions: [],
		isOpen24h: is24h,
		entryMethods: [...drawn.entryMethods],
		facilities: [...drawn.facilities],
		services: [...drawn.services],
		honours: [],
		keeperRole: `${street.name}总工会`,
		telemetry,
		periodSeconds: telemetry === 'live' ? LIVE_PERIOD_SECONDS : null
	};
}

type Drawn = Omit<NamedStation, 'street' | 'telemetry'>;

function drawSite({ random, names }: Making, plan: KindPlan, street: Street, telemetry: Telemetry): Drawn {
	const hasMetro = plan.kind === 'service_station' && METRO_DISTRICTS.has(street.districtCode);
	const hosts = hasMetro ? [...plan.hosts, METRO_HOST] : plan.hosts;
	const host = must(hosts[random.weighted(hosts.map(({ weight }) => weight))], 'a host');
	const short = street.name.replace(/(街道|镇)$/u, '');
	const { name: place, word } = choosePlace(host, short, random, (name) => !names.has(name + plan.suffix));
	names.add(place + plan.suffix);
	// Smart stations are built to be unattended: two in five never close.
	const isAlwaysOpen = telemetry === 'live' && random.chance(0.4);
	return {
		name: place + plan.suffix,
		address: `${districtAddress(street)}${street.name}${word}路${random.integer(1, 398)}号`,
		hostType: host.type,
		ownership: host.ownership,
		hoursText: isAlwaysOpen ? '24小时' : random.pick(host.hours),
		...fittingsOf(plan.kind, telemetry, random)
	};
}

function districtAddress(street: Street): string {
	const name = must(DISTRICTS.find(({ code }) => code === street.districtCode)?.name, 'a district');
	return name.endsWith('市') ? name : `无锡市${name}`;
}

/** `WX-{GB/T 2260 district}-{type}-{number}`; sites of 经开区, which has no such code, bear that of 滨湖区. */
function siteCode({ numbers }: Making, street: Street, typeCode: string): string {
	const prefix = `WX-${street.gbDistrictCode}-${typeCode}`;
	const number = (numbers.get(prefix) ?? 0) + 1;
	numbers.set(prefix, number);
	return `${prefix}-${String(number).padStart(4, '0')}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
