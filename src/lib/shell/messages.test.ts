import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../../messages/', import.meta.url);

type Text = string | readonly { match: Record<string, string>; declarations: readonly string[] }[];

function read(file: string): Record<string, Text> {
	const { $schema: _, ...texts } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Record<string, Text>;
	return texts;
}

/** Every way in which a text may come out: one, or one per plural form. */
const variants = (text: Text): string[] =>
	typeof text === 'string' ? [text] : text.flatMap(({ match }) => Object.values(match));

const parameters = (text: Text): string[] =>
	[...new Set(variants(text).flatMap((one) => [...one.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)))].sort();

const files = readdirSync(FOLDER);
const rooms = [...new Set(files.map((file) => file.split('.')[0]!))];

describe('the words of the pages', () => {
	it('stand in one file per room and language, and every room is read', () => {
		const settings = JSON.parse(readFileSync(new URL('../project.inlang/settings.json', FOLDER), 'utf8')) as {
			'plugin.inlang.messageFormat': { pathPattern: string[] };
		};
		const patterns = rooms.map((room) => `./messages/${room}.{locale}.json`);
		expect([...settings['plugin.inlang.messageFormat'].pathPattern].sort()).toEqual(patterns.sort());
		expect(files.sort()).toEqual(rooms.flatMap((room) => [`${room}.en.json`, `${room}.zh.json`]).sort());
	});

	describe.each(rooms)('of %s', (room) => {
		const zh = read(`${room}.zh.json`);
		const en = read(`${room}.en.json`);

		it('have the same keys in both languages, each beginning with the room', () => {
			expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
			expect(Object.keys(zh).filter((key) => !/^[a-z0-9_]+$/.test(key) || !key.startsWith(`${room}_`))).toEqual([]);
		});

		it('take the same parameters in both languages', () => {
			const differing = Object.keys(zh).filter(
				(key) => String(parameters(zh[key]!)) !== String(parameters(en[key] ?? ''))
			);
			expect(differing).toEqual([]);
		});

		it('are nowhere empty, and English holds no Chinese', () => {
			const all = [...Object.entries(zh), ...Object.entries(en)];
			expect(all.filter(([, text]) => variants(text).some((one) => one.trim() === '')).map(([key]) => key)).toEqual([]);
			const chinese = Object.entries(en).filter(([, text]) =>
				variants(text).some((one) => /\p{Script=Han}/u.test(one))
			);
			expect(chinese.map(([key]) => key)).toEqual([]);
		});
	});
});
