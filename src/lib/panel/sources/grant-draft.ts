/** What somebody is filling in about a source's rights, and how it is sent. Pure. */
import { parseScope } from '#domain/scope.ts';
import type { Area } from '#domain/site.ts';
import type { SourceGrants } from '#server/store/source-store.ts';

export const LEVELS = ['city', 'district', 'street', 'station'] as const;
export type Level = (typeof LEVELS)[number];

/** Every field keeps what was typed, also while another choice hides it. */
export interface GrantDraft {
	types: 'all' | 'some';
	chosen: readonly string[];
	level: Level;
	district: string;
	street: string;
	station: string;
	sources: 'any' | 'some';
	/** with commas, blanks or lines between */
	sourceList: string;
}

export function emptyDraft(areas: readonly Area[]): GrantDraft {
	const district = areas.find(({ level }) => level === 'district')?.code ?? '';
	return {
		...{ types: 'all', chosen: [], level: 'city', station: '', sources: 'any', sourceList: '' },
		...{ district, street: firstStreet(areas, district) }
	};
}

export function draftOf({ types, sources, scope }: SourceGrants, areas: readonly Area[]): GrantDraft {
	const empty = emptyDraft(areas);
	const parsed = parseScope(scope) ?? { level: 'city' };
	const code = parsed.level === 'city' ? '' : parsed.code;
	const district = parsed.level === 'street' ? (areas.find((area) => area.code === code)?.parentCode ?? '') : code;
	return {
		...empty,
		types: types === null ? 'all' : 'some',
		chosen: types ?? [],
		sources: sources === null ? 'any' : 'some',
		sourceList: sources?.join(', ') ?? '',
		level: parsed.level,
		...((parsed.level === 'district' || parsed.level === 'street') && { district }),
		...(parsed.level === 'street' ? { street: code } : { street: firstStreet(areas, district || empty.district) }),
		...(parsed.level === 'station' && { station: code })
	};
}

/** As the doors take it. */
export function grantsOf(draft: GrantDraft): SourceGrants {
	const { types, chosen, level, sources, sourceList } = draft;
	return {
		types: types === 'all' ? null : chosen,
		sources: sources === 'any' ? null : sourceList.split(/[,，、;\s]+/).filter((one) => one !== ''),
		scope: level === 'city' ? 'city' : `${level}:${draft[level].trim()}`
	};
}

export const streetsOf = (areas: readonly Area[], district: string): Area[] =>
	areas.filter(({ level, parentCode }) => level === 'street' && parentCode === district);

export const firstStreet = (areas: readonly Area[], district: string): string =>
	streetsOf(areas, district)[0]?.code ?? '';
