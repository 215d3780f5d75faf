/** Fill where nobody reported, which no bar of 0 looks like: the hatch that a `GapPattern` of this id draws. */
export const gapFill = (id: string): string => `url(#${id})`;
