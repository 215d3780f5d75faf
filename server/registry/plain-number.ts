/** A number in digits, exactly as much as it takes to read the same number again; never with an exponent. */
export function plainNumber(value: number): string {
	const text = String(value);
	const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
	if (match === null) return text;
	const [, sign = '', first = '', rest = '', exponent = '0'] = match;
	const digits = first + rest;
	const point = 1 + Number(exponent);
	if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
	return `${sign}${digits.padEnd(point, '0')}`;
}
