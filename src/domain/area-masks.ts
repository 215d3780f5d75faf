/** Visits by occupation of areas and their stations as they may be told [PE20]: masking.ts over the city's own tree. */
import { maskParts, maskRow, maskTree, type CountRow, type MaskedCounts } from './masking.ts';
import type { Area } from './site.ts';

/** Visits in one area by OCCUPATIONS, as they were counted. */
export interface AreaOccupations {
	/** code of the area */
	readonly area: string;
	readonly counts: readonly number[];
}

/** The same as they may be told; null = hidden. */
export interface MaskedOccupations {
	/** code of the area */
	readonly area: string;
	readonly counts: MaskedCounts;
}

/** Where a station counts: its district and street, as far as it has them. */
export interface Place {
	readonly district: string | null;
	readonly street: string | null;
}

export interface AreaMasks {
	/** in the order of the sums */
	readonly areas: readonly MaskedOccupations[];
	/**
	 * Those of the stations that sum to one street, or to what of a district (of the city) lies in no street (no district).
	 * All of them have to be named, so that none is found from the others.
	 */
	readonly partsOf: (place: Place, stations: readonly (readonly number[])[]) => readonly MaskedCounts[];
}

/** `sums` of one kind of site; those of streets, and what is left of a district without them, may point at somebody. */
export function maskAreas(areas: readonly Area[], sums: readonly AreaOccupations[]): AreaMasks {
	const byCode = new Map(areas.map((area) => [area.code, area]));
	const indexOf = new Map(sums.map(({ area }, index) => [area, index]));
	const own: CountRow[] = sums.map(({ area, counts }) => {
		const { level, parentCode } = byCode.get(area) ?? { level: 'street', parentCode: null };
		return { counts, parent: indexOf.get(parentCode ?? '') ?? -1, isSmall: level === 'street' };
	});
	// What anybody finds by subtraction is a row as well, though it is not shown.
	const parts = Map.groupBy(own, ({ parent }) => parent);
	const rests = own.flatMap(({ counts, isSmall }, index): CountRow[] => {
		if (isSmall) return [];
		const rest = [...counts];
		for (const part of parts.get(index) ?? [])
			part.counts.forEach((count, i) => (rest[i] = Math.max(0, (rest[i] ?? 0) - count)));
		return [{ counts: rest, parent: index, isSmall: true }];
	});
	const rows = [...own, ...rests];
	const told = maskTree(rows);
	const restOf = new Map(rests.map(({ parent }, index) => [parent, own.length + index]));
	const rowOf = ({ district, street }: Place): number | undefined => {
		if (street !== null) return indexOf.get(street);
		const city = sums.findIndex(({ area }) => byCode.get(area)?.level === 'city');
		return restOf.get(district === null ? city : (indexOf.get(district) ?? -1));
	};
	return {
		areas: sums.map(({ area }, index) => ({ area, counts: told[index] ?? [] })),
		partsOf(place, stations) {
			const row = rowOf(place) ?? -1;
			const [whole, shown] = [rows[row]?.counts, told[row]];
			// Of an area that the registry does not know nothing is told, so nothing can be subtracted.
			return whole && shown ? maskParts(whole, shown, stations) : stations.map(maskRow);
		}
	};
}
