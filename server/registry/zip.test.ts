import { describe, expect, it } from 'vitest';
import { packStored, unpack } from '#server/registry/zip.ts';

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const part = (name: string, content: string) => ({ name, bytes: new TextEncoder().encode(content) });

describe('opening an archive that is not trusted', () => {
	const archive = new Uint8Array(packStored([part('xl/工作簿.xml', '<a/>'), part('b.png', 'x')]));

	it('gives back the parts that are wanted', () => {
		const parts = unpack(archive, (name) => name.endsWith('.xml'));
		expect(parts.map(({ name, bytes }) => [name, text(bytes)])).toEqual([['xl/工作簿.xml', '<a/>']]);
	});

	it.each([
		['nothing', new Uint8Array(0)],
		['no end', archive.subarray(0, archive.length - 22)],
		['an end alone that names parts', Uint8Array.from([...archive.subarray(archive.length - 22)])]
	])('refuses %s', (_, bytes) => expect(() => unpack(bytes, () => true)).toThrow(/damaged/));

	it('refuses whatever single byte of its directory is wrong, or reads it, and never fails otherwise', () => {
		for (let at = 0; at < archive.length; at++) {
			const mangled = archive.slice();
			mangled[at] = (mangled[at] ?? 0) ^ 0xff;
			try {
				unpack(mangled, () => true);
			} catch (error) {
				expect((error as Error).name).toBe('FileLimit');
			}
		}
	});
});
