/** `JSON.parse` forgets where things stood; a person who mends a file needs the line. */

const QUOTE = 34;
const BACKSLASH = 92;

/** Line (from 1) on which each element of the outermost array begins. The text must be valid JSON. */
export function elementLines(text: string): number[] {
	const lines: number[] = [];
	let line = 1;
	let depth = 0;
	let isExpecting = false;
	for (let index = 0; index < text.length; index++) {
		const sign = text.charAt(index);
		if (sign === '\n') line++;
		if (sign.trim() === '') continue;
		if (isExpecting && sign !== ']') lines.push(line);
		isExpecting = false;
		if (sign === '"') index = stringEnd(text, index);
		else if (sign === '[' || sign === '{') isExpecting = ++depth === 1;
		else if (sign === ']' || sign === '}') depth--;
		else if (sign === ',') isExpecting = depth === 1;
	}
	return lines;
}

/** Strings of JSON hold no line breaks, so lines need not be counted inside them. */
function stringEnd(text: string, start: number): number {
	let index = start + 1;
	while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1;
	return index;
}
