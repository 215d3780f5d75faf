/** Things that have a code, by that code. */
export function byCode<T extends { readonly code: string }>(things: readonly T[]): ReadonlyMap<string, T> {
	return new Map(things.map((thing) => [thing.code, thing]));
}
