/** What a field suggests while somebody types. Pure. */

/** `value` is what stands in the field once it is chosen, `label` what people know it by. */
export interface Suggestion {
	readonly value: string;
	readonly label: string;
}

/** The first `most` that have what was typed in their value or label, whatever its case; those that begin with it come first. */
export function suggestionsFor<T extends Suggestion>(options: readonly T[], typed: string, most: number): T[] {
	const wanted = typed.trim().toLocaleLowerCase();
	const begins: T[] = [];
	const holds: T[] = [];
	for (const option of options) {
		if (begins.length >= most) break;
		const texts = [option.value.toLocaleLowerCase(), option.label.toLocaleLowerCase()];
		if (texts.some((text) => text.startsWith(wanted))) begins.push(option);
		else if (holds.length < most && texts.some((text) => text.includes(wanted))) holds.push(option);
	}
	return [...begins, ...holds].slice(0, most);
}

/** What was meant by a typed text: the one option of this value or this very label; null = none, or several. */
export function meantBy<T extends Suggestion>(options: readonly T[], typed: string): T | null {
	const text = typed.trim();
	const byValue = options.find(({ value }) => value === text);
	if (byValue) return byValue;
	const [one, second] = options.filter(({ label }) => label === text);
	return one && !second ? one : null;
}
