/** `JSON.parse` forgets where things stood; a person who mends a file needs the place. */

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Line (from 1) on which each element begins: of the outermost array, or of the array under `key` of the outermost
 * object. The text must be valid JSON.
 */
export function elementLines(text: string, key: string | null = null): number[] {
	const lines: number[] = [];
	const listDepth = key === null ? 1 : 2;
	let line = 1;
	let depth = 0;
	let lastText = '';
	let isInList = false;
	let isExpecting = false;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 10) line++;
		if (code <= 32) continue;
		const sign = text.charAt(index);
		if (isExpecting && sign !== ']') lines.push(line);
		isExpecting = false;
		if (code === QUOTE) {
			const end = stringEnd(text, index);
			if (depth === 1 && key !== null) lastText = text.slice(index + 1, end);
			index = end;
		} else if (sign === '[' || sign === '{') {
			depth++;
			if (sign === '[' && depth === listDepth && (key === null || lastText === key)) isInList = isExpecting = true;
		} else if (sign === ']' || sign === '}') {
			if (depth === listDepth) isInList = false;
			depth--;
		} else if (sign === ',') isExpecting = isInList && depth === listDepth;
	}
	return lines;
}

/** Strings of JSON hold no line breaks, so lines need not be counted inside them. */
function stringEnd(text: string, start: number): number {
	let index = start + 1;
	while (index < text.length && text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1;
	return index;
}
