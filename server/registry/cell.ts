/** Small readings of one cell. A cell that says nothing is null, whatever sign a sheet uses for it. */
import { plainNumber } from './plain-number.ts';

const NOTHING = new Set([
	'',
	'-',
	'--',
	'—',
	'——',
	'/',
	'\\',
	'无',
	'暂无',
	'空',
	'null',
	'undefined',
	'n/a',
	'na',
	'nil'
]);
const LIST_SIGNS = /[;；,，、|\n]+/;
const STARS = '零一二三四五';

/**
 * Signs that a text must not hold: controls and formats (PostgreSQL refuses some), halves of characters and what stands for
 * a broken one (XML refuses them, so an export could not carry them).
 */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\ufffd]+/gu;

/** The text of a cell on one line, without unfit signs; null where it says nothing. */
export function textOf(cell: unknown): string | null {
	const text = plainText(cell).replace(UNFIT, ' ').trim();
	return NOTHING.has(text.toLowerCase()) ? null : text;
}

/** As `textOf`, but line breaks stay: for remarks, which are written in several lines. */
export function linesOf(cell: unknown): string | null {
	const lines = plainText(cell)
		.split(/\r\n?|\n/)
		.map((line) => line.replace(UNFIT, ' ').trimEnd());
	const text = lines.join('\n').trim();
	return NOTHING.has(text.toLowerCase()) ? null : text;
}

/** As `textOf`, but `无` and `-` are words: for columns where they mean "none". */
export function wordOf(cell: unknown): string | null {
	const text = plainText(cell).trim().toLowerCase();
	return text === '' ? null : text;
}

function plainText(cell: unknown): string {
	if (cell === null || cell === undefined) return '';
	if (typeof cell === 'string') return cell;
	if (typeof cell === 'number') return plainNumber(cell);
	if (Array.isArray(cell)) return cell.map(plainText).join(';');
	return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** The parts of a list, each once: JSON arrays as they are, text at commas, semicolons, 、 and line breaks. */
export function listOf(cell: unknown): string[] | null {
	const parts: readonly unknown[] = arrayOf(cell) ?? splitList(plainText(cell));
	const said = [...new Set(parts.map(textOf).filter((part) => part !== null))];
	return said.length > 0 ? said : null;
}

/** A JSON array, also one written into a cell of text; null where it is none. */
export function arrayOf(cell: unknown): readonly unknown[] | null {
	if (Array.isArray(cell)) return cell as unknown[];
	if (typeof cell !== 'string' || !/^\s*\[[^]*\]\s*$/.test(cell)) return null;
	try {
		const value: unknown = JSON.parse(cell);
		return Array.isArray(value) ? value : null;
	} catch (error) {
		// brackets that are only part of a text
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

/** Chinese words hold no spaces, so a space between them parts them; English ones keep theirs. */
function splitList(text: string): string[] {
	const parts = text.split(LIST_SIGNS);
	const words = text.trim().split(/\s+/);
	return parts.length === 1 && words.every((word) => /\p{Script=Han}/u.test(word)) ? words : parts;
}

/** A number at the start of a text, a unit after it allowed (`30㎡`, `约8人`); NaN where there is none. */
export function quantityOf(text: string): number {
	const match = /^(?:约|共)?\s*(\d+(?:\.\d+)?)\s*(?:[^\d.\s-].*)?$/.exec(text.normalize('NFKC'));
	return match === null ? NaN : Number(match[1]);
}

/** 1 … 5 from `5`, `五星`, `★★★`; NaN otherwise. */
export function starsOf(text: string): number {
	const plain = text.normalize('NFKC');
	if (/^[★☆]+$/.test(plain)) return plain.replace(/☆/g, '').length;
	const match = /^([一二三四五1-5])\s*(?:星级?|级|stars?)?$/.exec(plain);
	if (match?.[1] === undefined) return NaN;
	return STARS.includes(match[1]) ? STARS.indexOf(match[1]) : Number(match[1]);
}

/** YYYY-MM-DD of a whole date; null where the text is none (a month alone is no date). */
export function dateOf(text: string): string | null {
	const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s].*)?$/.exec(text.normalize('NFKC'));
	if (match === null) return null;
	const [, year = '', month = '', day = ''] = match;
	const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
	const moment = new Date(`${date}T00:00:00Z`);
	return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date ? null : date;
}

/** Yes or no in the usual signs; null where it is neither. */
export function yesNoOf(word: string): boolean | null {
	if (/^(?:是|有|√|✓|v|y|yes|true|1|24h|24小时)$/.test(word)) return true;
	return /^(?:否|不是|无|×|x|n|no|false|0|-|\/)$/.test(word) ? false : null;
}
