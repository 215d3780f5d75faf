/** Where broken JSON breaks. The engine's own words name a place only sometimes, and never in which element it lies. */

export interface JsonBreak {
	/** From 1 */
	readonly line: number;
	/** From 1, in characters */
	readonly column: number;
	/** Elements of the outermost list, or of the list in the outermost object, that are complete before the break */
	readonly elementsBefore: number;
	/** The text around the break, short enough to be shown */
	readonly around: string;
}

const SPACE = /[\t\n\r ]*/y;
// \p{Cc} is more than the 32 signs that JSON forbids; what lies between is allowed by name.
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const AROUND = 24;

/** The first place at which the text is no JSON; null where it is JSON. Walks without recursion, however deep it nests. */
export function findJsonBreak(text: string): JsonBreak | null {
	const open: ('[' | '{')[] = [];
	let position = 0;
	let elements = 0;
	const skip = (pattern: RegExp): boolean => {
		pattern.lastIndex = position;
		const match = pattern.exec(text);
		if (match !== null) position = pattern.lastIndex;
		return match !== null;
	};
	const take = (sign: string): boolean => {
		skip(SPACE);
		if (text[position] !== sign) return false;
		position++;
		return true;
	};
	const key = (): boolean => (skip(SPACE), skip(STRING)) && take(':');
	const fail = (): JsonBreak => describeBreak(text, position, elements);
	for (;;) {
		// a value, or the beginning of one
		skip(SPACE);
		if (take('[')) {
			open.push('[');
			if (!take(']')) continue;
			open.pop();
		} else if (take('{')) {
			open.push('{');
			if (!take('}')) {
				if (!key()) return fail();
				continue;
			}
			open.pop();
		} else if (!skip(STRING) && !skip(SCALAR)) return fail();
		// what may follow it
		for (;;) {
			const top = open.at(-1);
			if (isElement(open)) elements++;
			if (top === undefined) {
				skip(SPACE);
				return position === text.length ? null : fail();
			}
			if (take(',')) {
				if (top === '{' && !key()) return fail();
				break;
			}
			if (!take(top === '[' ? ']' : '}')) return fail();
			open.pop();
		}
	}
}

/** A value that has just ended directly in the list of sites: `[…]` or `{"features": […]}`. */
function isElement(open: readonly string[]): boolean {
	return open.at(-1) === '[' && (open.length === 1 || (open.length === 2 && open[0] === '{'));
}

function describeBreak(text: string, position: number, elementsBefore: number): JsonBreak {
	const before = text.slice(0, position);
	const lineStart = before.lastIndexOf('\n') + 1;
	return {
		line: before.split('\n').length,
		column: position - lineStart + 1,
		elementsBefore,
		around: text.slice(Math.max(0, position - AROUND), position + AROUND).replace(/\s+/g, ' ')
	};
}
