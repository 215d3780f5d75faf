/** Choosing where a grant holds: which levels a role knows, which places there are, what was chosen as a scope. Pure. */
import { CITY_ROLES, type Role } from '#domain/role.ts';
import { parseScope, type Scope } from '#domain/scope.ts';
import type { PlaceList } from '#server/places/list.ts';

export type Level = Scope['level'];

interface Named {
	readonly code: string;
	readonly name: string;
}

export interface NamedPlaces {
	readonly districts: readonly Named[];
	/** `district`: null = not known */
	readonly streets: readonly (Named & { readonly district: string | null })[];
	/** null = not known (yet): a station is named by its code */
	readonly sites: readonly (Named & { readonly district: string | null; readonly street: string | null })[] | null;
}

export const NO_PLACES: NamedPlaces = { districts: [], streets: [], sites: null };

export function placesOf({ areas, stations }: Pick<PlaceList, 'areas' | 'stations'>): NamedPlaces {
	return {
		districts: areas.filter(({ level }) => level === 'district'),
		streets: areas
			.filter(({ level }) => level === 'street')
			.map(({ code, name, parentCode }) => ({ code, name, district: parentCode })),
		sites: stations
	};
}

/** Stations as a field suggests them: by code, with the street (or district) that tells those of one name apart. */
export function stationOptions({ sites, streets, districts }: NamedPlaces): { value: string; label: string }[] {
	const names = new Map([...districts, ...streets].map(({ code, name }) => [code, name]));
	return (sites ?? []).map(({ code, name, street, district }) => {
		const where = names.get(street ?? '') ?? names.get(district ?? '');
		return { value: code, label: where === undefined ? name : `${name} · ${where}` };
	});
}

/** What was chosen so far; an empty code = nothing yet. */
export interface ScopeChoice {
	readonly level: Level;
	readonly district: string;
	readonly street: string;
	readonly station: string;
}

export const LEVELS: readonly Level[] = ['city', 'district', 'street', 'station'];

/** Levels in which a role works, within what may be proposed (scopes in words; `city` = anywhere). */
export function levelsOf(role: Role, within: readonly string[]): readonly Level[] {
	const own: readonly Level[] =
		role === 'keeper' ? ['station'] : CITY_ROLES.some((one) => one === role) ? ['city'] : LEVELS;
	const widest = Math.min(...within.map((scope) => LEVELS.indexOf(parseScope(scope)?.level ?? 'station')));
	return own.filter((level) => LEVELS.indexOf(level) >= widest);
}

/** The level one means most often. */
export function usualLevel(role: Role, levels: readonly Level[]): Level {
	const usual: Partial<Record<Role, Level>> = { district_admin: 'district', street_admin: 'street', keeper: 'station' };
	const wanted = usual[role];
	return wanted !== undefined && levels.includes(wanted) ? wanted : (levels[0] ?? 'city');
}

/** The scope in words; null while something is left to choose. */
export function scopeOf({ level, district, street, station }: ScopeChoice): string | null {
	if (level === 'city') return 'city';
	const code = { district, street, station }[level].trim();
	return code === '' ? null : `${level}:${code}`;
}

/** Districts, streets and stations to choose from, cut to what may be proposed and to what was chosen above them. */
export function choicesOf(places: NamedPlaces, choice: ScopeChoice, within: readonly string[]): NamedPlaces {
	const scopes = within.map((scope) => parseScope(scope)).filter((scope) => scope !== null);
	const isOpen = scopes.some(({ level }) => level === 'city');
	const has = (level: Level, code: string | null): boolean =>
		isOpen || scopes.some((scope) => scope.level === level && 'code' in scope && scope.code === code);
	const isUnder = (own: string | null, chosen: string): boolean => chosen === '' || own === null || own === chosen;
	return {
		districts: places.districts.filter(({ code }) => has('district', code)),
		streets: places.streets.filter(
			({ code, district }) =>
				(has('street', code) || has('district', district)) && isUnder(parentOf(code, district, places), choice.district)
		),
		sites:
			places.sites?.filter(
				({ code, district, street }) =>
					(has('station', code) || has('street', street) || has('district', district)) &&
					isUnder(district, choice.district) &&
					isUnder(street, choice.street)
			) ?? null
	};
}

/** Codes of streets begin with that of their district (GB/T 10114); where none does, the street is offered everywhere. */
function parentOf(code: string, district: string | null, { districts }: NamedPlaces): string | null {
	return district ?? districts.find((one) => code.startsWith(one.code))?.code ?? null;
}
