/** Which sites somebody may write: those that lie in their scopes before and after, so that none is moved in or out [PE24]. */
import { inScope, type Scope } from '#domain/scope.ts';

export interface WrittenPlace {
	readonly code: string;
	readonly districtCode: string | null;
	readonly streetCode: string | null;
}

/**
 * `before` null = it was not there, `after` null = it will be gone. `districtOf`: of a street, null where it lies in none.
 * The scope of one station is about what is said of it: whether it is there, and where, is not its keeper's to say.
 */
export function mayWriteSite(
	scopes: readonly Scope[],
	before: WrittenPlace | null,
	after: WrittenPlace | null,
	districtOf: (street: string) => string | null
): boolean {
	const isMoved = before?.districtCode !== after?.districtCode || before?.streetCode !== after?.streetCode;
	const lies = (place: WrittenPlace | null): boolean =>
		place === null ||
		scopes.some((scope) => {
			if (scope.level === 'city') return true;
			if (scope.level === 'station' && isMoved) return false;
			return liesIn(scope, place, districtOf);
		});
	return lies(before) && lies(after);
}

function liesIn(scope: Scope, place: WrittenPlace, districtOf: (street: string) => string | null): boolean {
	const { code, districtCode: district, streetCode: street } = place;
	// A district of one's own with a street of another would count in both.
	const isWhole = scope.level === 'station' || street === null || districtOf(street) === district;
	return isWhole && inScope(scope, { code, district, street });
}
