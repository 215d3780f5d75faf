/** What is missing or doubled in a mapping of columns, before the server is asked. Pure. */
import type { Column } from '#server/registry/columns.ts';
import type { Mapping } from '#server/imports/protocol.ts';

export type MappingProblem =
	/** without it nothing can be read */
	| { readonly kind: 'required'; readonly field: Column }
	/** one of longitude and latitude, without the other: `field` is the one that lacks */
	| { readonly kind: 'half_place'; readonly field: Column }
	| { readonly kind: 'taken'; readonly field: Column };

export type MappingNote = 'no_place' | 'no_district';

export interface MappingCheck {
	/** these must be mended before the import goes on */
	readonly problems: readonly MappingProblem[];
	/** these are worth knowing */
	readonly notes: readonly MappingNote[];
}

export function checkMapping(mapping: Mapping, required: readonly Column[]): MappingCheck {
	const said = mapping.filter((field) => field !== null);
	const has = (field: Column): boolean => said.includes(field);
	const taken = [...new Set(said.filter((field, place) => said.indexOf(field) < place))];
	const problems: MappingProblem[] = [
		...required.filter((field) => !has(field)).map((field) => ({ kind: 'required', field }) as const),
		...taken.map((field) => ({ kind: 'taken', field }) as const)
	];
	const hasPair = has('lngLat');
	if (!hasPair && has('lng') !== has('lat')) problems.push({ kind: 'half_place', field: has('lng') ? 'lat' : 'lng' });
	const notes: MappingNote[] = [];
	if (!hasPair && !has('lng') && !has('lat')) notes.push('no_place');
	if (!has('district') && !has('districtCode')) notes.push('no_district');
	return { problems, notes };
}
