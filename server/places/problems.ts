/**
 * What is doubtful or missing in the registry, site by site, for the people who keep it. Nothing is changed here. Sites
 * that were closed or merged are left alone.
 */
import type { Area } from '#domain/site.ts';
import { checkPlacement, type PlacedSite } from '#server/registry/placement.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import { duplicatesOf } from './duplicates.ts';
import { neighbourDistricts } from './surroundings.ts';

export const PROBLEM_KINDS = [
	'no_coordinates',
	'outside_area',
	'same_spot',
	'datum_unknown',
	'no_district',
	'no_hours',
	'unreadable_hours',
	'no_telemetry',
	'duplicate'
] as const;
/**
 * no_coordinates · outside_area: stands among sites of another district, far from its own · same_spot: on the spot of
 * others with other addresses · datum_unknown: its coordinates may be off by hundreds of metres · no_district · no_hours:
 * none are posted · unreadable_hours: the text was not understood · no_telemetry: nobody reports, so its state is never
 * known · duplicate: another site of its kind with the same name at the same place
 */
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

export interface RegistryProblem {
	readonly kind: ProblemKind;
	readonly code: string;
	readonly name: string;
	/** code of its district */
	readonly district: string | null;
	/** what was found, in no language: hours as written, an address, names of districts; empty where nothing is to add */
	readonly detail: string;
	/** codes of the other sites that it is about: all of them, in an answer those of its scope */
	readonly others: readonly string[];
	/** how many more there are outside of the scope that was asked for */
	readonly elsewhere: number;
}

export type ExaminedSite = Pick<
	RegisteredSite,
	| 'code'
	| 'name'
	| 'kind'
	| 'address'
	| 'districtCode'
	| 'lng'
	| 'lat'
	| 'datum'
	| 'lifecycle'
	| 'hours'
	| 'hoursText'
	| 'hoursExceptions'
	| 'telemetry'
>;

/** Problems in the order of the sites. About n log n. */
export function registryProblems(sites: readonly ExaminedSite[], areas: readonly Area[]): RegistryProblem[] {
	const examined = sites.filter(({ lifecycle }) => lifecycle !== 'closed' && lifecycle !== 'merged');
	const found = [placementOf(examined, areas), duplicatesOf(examined)];
	return examined.flatMap((site) => {
		const all = [...ownProblems(site), ...found.flatMap((one) => one.get(site.code) ?? [])];
		return all.map(([kind, detail, others = []]) => ({
			kind,
			code: site.code,
			name: site.name,
			district: site.districtCode,
			detail,
			others,
			elsewhere: 0
		}));
	});
}

/** A problem as somebody sees it who sees the sites in `seen` and no others: who lies elsewhere is counted, not named. */
export function problemFor(problem: RegistryProblem, seen: ReadonlySet<string>): RegistryProblem {
	const others = problem.others.filter((code) => seen.has(code));
	const elsewhere = problem.others.length - others.length;
	return elsewhere === 0 ? problem : { ...problem, others, elsewhere };
}

export type Found = readonly [kind: ProblemKind, detail: string, others?: readonly string[]];

function ownProblems(site: ExaminedSite): Found[] {
	const found: Found[] = [];
	const hasPoint = site.lng !== null && site.lat !== null;
	if (!hasPoint) found.push(['no_coordinates', site.address ?? '']);
	else if (site.datum === 'unknown') found.push(['datum_unknown', '']);
	if (site.districtCode === null) found.push(['no_district', site.address ?? '']);
	if (site.hours === null) {
		const text = site.hoursText?.trim() ?? '';
		if (text !== '') found.push(['unreadable_hours', text]);
		else if (site.hoursExceptions.length === 0) found.push(['no_hours', '']);
	}
	if (site.telemetry === 'none') found.push(['no_telemetry', '']);
	return found;
}

/** The doubts that an import has too, over the whole registry. */
function placementOf(sites: readonly ExaminedSite[], areas: readonly Area[]): Map<string, Found[]> {
	const placed = sites.filter((site) => site.lng !== null && site.lat !== null);
	const points: PlacedSite[] = placed.map((site, line) => ({
		line,
		name: site.name,
		kind: site.kind,
		address: site.address,
		district: site.districtCode,
		lng: site.lng ?? 0,
		lat: site.lat ?? 0
	}));
	const names = new Map(areas.map(({ code, name }) => [code, name]));
	const nameOf = (code: string): string => names.get(code) ?? code;
	const around = neighbourDistricts(points);
	return new Map(
		checkPlacement(points, nameOf).map(({ line, code }) => {
			const found: Found =
				code === 'placement_same_spot'
					? ['same_spot', '', around.sameSpot(line).flatMap((index) => placed[index]?.code ?? [])]
					: ['outside_area', around.districts(line).map(nameOf).join(', ')];
			return [placed[line]?.code ?? '', [found]];
		})
	);
}
