/**
 * Names as one types them on a Latin keyboard: `zjsq` or `zhangjing` finds 张泾社区. Digits and Latin letters stand for
 * themselves, everything else is left out. Readings go by the word, as the dictionary of pinyin-pro has them.
 */
import { pinyin } from 'pinyin-pro';

export interface Readings {
	/**
	 * First letters of the name, lower case. What else it may be found by follows after spaces: the name with another
	 * reading of a character, its alias. A search within the text finds each.
	 */
	readonly initials: string;
	/** whole syllables, ü as v, likeliest reading: the name, and after a space its alias */
	readonly pinyin: string;
}

/** Characters of place and family names whose readings begin differently; the dictionary knows words, not every place. */
const OTHER_INITIAL: Readonly<Record<string, string>> = {
	长: 'cz',
	重: 'cz',
	乐: 'ly',
	朝: 'cz',
	行: 'hx',
	曾: 'zc',
	查: 'cz',
	单: 'ds',
	盛: 'sc',
	厦: 'sx',
	藏: 'cz',
	解: 'jx',
	召: 'zs',
	尉: 'wy',
	校: 'xj'
};
/** A name with several such characters would go on and on. */
const MAX_OTHERS = 3;

export function readingsOf(name: string, alias: string | null = null): Readings {
	const own = readingsOfText(name);
	if (!alias || alias === name) return own;
	const other = readingsOfText(alias);
	return { initials: `${own.initials} ${other.initials}`.trim(), pinyin: `${own.pinyin} ${other.pinyin}`.trim() };
}

function readingsOfText(name: string): Readings {
	const text = name.normalize('NFKC');
	// One syllable per character, so that the two stay side by side.
	const syllables = pinyin(text, { toneType: 'none', type: 'array', v: true });
	const characters = [...text];
	const parts = characters.map((character, index) => plain(syllables[index] ?? character));
	const firsts = parts.map((part) => part.slice(0, 1));
	return { initials: [firsts.join(''), ...otherInitials(characters, firsts)].join(' '), pinyin: parts.join('') };
}

function otherInitials(characters: readonly string[], firsts: readonly string[]): string[] {
	const others = characters.flatMap((character, index) => {
		const other = [...(OTHER_INITIAL[character] ?? '')].find((letter) => letter !== firsts[index]);
		return other === undefined ? [] : [firsts.with(index, other).join('')];
	});
	return others.slice(0, MAX_OTHERS);
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
