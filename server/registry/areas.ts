/** Districts and streets as files name them, found among the areas of the registry or proposed as new ones. */
import { createHash } from 'node:crypto';
import type { Area, AreaLevel } from '#domain/site.ts';
import type { Finding } from './finding.ts';
import type { AreaMention, NewArea } from './site-fields.ts';

const ENDINGS: Readonly<Record<AreaLevel, RegExp>> = {
	city: /市$/,
	district: /(?:自治县|区|市|县)$/,
	street: /(?:街道办事处|办事处|街道|镇|乡)$/
};
const GB_CODES: Readonly<Record<AreaLevel, RegExp>> = { city: /^\d{6}$/, district: /^\d{6}$/, street: /^\d{9}$/ };

export interface AreaBook {
	/** The code of the district a row names; an unknown one becomes a new area, with a warning at its first line. */
	district(mention: AreaMention, line: number): string;
	/** The code of a street, looked for in its district first, and the district it belongs to. */
	street(
		mention: AreaMention,
		districtCode: string | null,
		line: number
	): { code: string; districtCode: string | null } | null;
	nameOf(code: string): string;
	readonly newAreas: readonly NewArea[];
	readonly warnings: readonly Finding[];
}

/** A book over the registry's areas that grows by what a file names. */
export function openAreaBook(areas: readonly Area[]): AreaBook {
	const index = indexAreas(areas);
	const newAreas: NewArea[] = [];
	const warnings: Finding[] = [];
	const warn = (line: number, code: string, message: string) => void warnings.push({ line, code, message });

	const add = (level: AreaLevel, mention: AreaMention, parentCode: string | null, line: number): Area => {
		const area = draftArea(level, mention, parentCode, index.city);
		newAreas.push(area);
		index.remember(area);
		const code = area.gbCode === null ? 'it has no GB/T 2260 code' : `its code is ${area.gbCode}`;
		warn(line, `${level}_new`, `The ${level} "${area.name}" was not in the registry; it becomes a new area, ${code}.`);
		return area;
	};

	return {
		newAreas,
		warnings,
		nameOf: index.nameOf,
		district(mention, line) {
			const found = index.find('district', mention, null);
			return (found ?? add('district', mention, index.city?.code ?? null, line)).code;
		},
		street(mention, districtCode, line) {
			const found = index.find('street', mention, districtCode);
			if (found !== null) return { code: found.code, districtCode: districtCode ?? found.parentCode };
			if (districtCode !== null) return { code: add('street', mention, districtCode, line).code, districtCode };
			const name = mention.name ?? mention.code ?? '';
			const message = `The street "${name}" is not known and no district is named for it; it was left out.`;
			warn(line, 'street_without_district', message);
			return null;
		}
	};
}

interface AreaIndex {
	/** The city, where the registry has exactly one */
	readonly city: Area | null;
	remember(area: Area): void;
	nameOf(code: string): string;
	/** By code, by whole name, by name without its ending; null where none or several fit. `parentCode` null = any. */
	find(level: AreaLevel, mention: AreaMention, parentCode: string | null): Area | null;
}

function indexAreas(areas: readonly Area[]): AreaIndex {
	const byCode = new Map<string, Area>();
	const byName = new Map<string, Area[]>();
	const city = only(areas.filter((area) => area.level === 'city'));
	const remember = (area: Area) => {
		byCode.set(area.code, area);
		for (const key of new Set([nameKey(area.level, area.name), shortKey(area.level, area.name)]))
			byName.set(key, [...(byName.get(key) ?? []), area]);
	};
	areas.forEach(remember);
	return {
		city,
		remember,
		nameOf: (code) => byCode.get(code)?.name ?? code,
		find(level, mention, parentCode) {
			const known = byCode.get(mention.code ?? mention.name ?? '');
			if (known?.level === level) return known;
			const name = withoutCity(mention.name ?? '', city);
			const fits = (area: Area) => parentCode === null || area.parentCode === parentCode;
			const whole = (byName.get(nameKey(level, name)) ?? []).filter(fits);
			const short = (byName.get(shortKey(level, name)) ?? []).filter(fits);
			return only(whole) ?? (whole.length === 0 ? only(short) : null);
		}
	};
}

/** A short, stable name for what has no code of its own: the same words give the same code at every import. */
export function derivedCode(prefix: string, ...words: readonly string[]): string {
	return `${prefix}-${createHash('sha256').update(words.join('|')).digest('hex').slice(0, 10).toUpperCase()}`;
}

function draftArea(level: AreaLevel, mention: AreaMention, parentCode: string | null, city: Area | null): NewArea {
	const name = withoutCity(mention.name ?? mention.code ?? '', city);
	const stated = mention.code ?? (GB_CODES[level].test(name) ? name : null);
	const code = stated ?? derivedCode('A', level, parentCode ?? '', plainName(name));
	return { code, name, level, parentCode, gbCode: stated !== null && GB_CODES[level].test(stated) ? stated : null };
}

function only<T>(list: readonly T[]): T | null {
	return list.length === 1 ? (list[0] ?? null) : null;
}

/** `无锡市梁溪区` names 梁溪区 where the registry's city is 无锡市. */
function withoutCity(name: string, city: Area | null): string {
	const plain = plainName(name);
	return city !== null && plain.startsWith(city.name) && plain.length > city.name.length
		? plain.slice(city.name.length)
		: plain;
}

function plainName(name: string): string {
	return name.normalize('NFKC').replace(/\s+/g, '');
}

function nameKey(level: AreaLevel, name: string): string {
	return `${level}|${plainName(name)}`;
}

/** Without its ending (区, 市, 县 / 街道, 镇, 乡), if at least two signs remain. */
function shortKey(level: AreaLevel, name: string): string {
	const plain = plainName(name);
	const short = plain.replace(ENDINGS[level], '');
	return `${level}~${short.length >= 2 ? short : plain}`;
}
