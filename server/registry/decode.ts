/** Bytes become text: Excel writes GB18030 (or GBK, its subset) on Chinese Windows and UTF-16 as "Unicode text". */

export interface Decoded {
	/** With line ends `\n` */
	readonly text: string;
	readonly encoding: string;
}

/** null where the bytes are neither UTF-8, UTF-16 with its mark, nor GB18030. */
export function decode(bytes: Uint8Array): Decoded | null {
	const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
	for (const encoding of isUtf16 ? ['utf-16le'] : ['utf-8', 'gb18030']) {
		const text = decodeAs(bytes, encoding);
		if (text !== null) return { text: text.replace(/\r\n?/g, '\n'), encoding };
	}
	return null;
}

function decodeAs(bytes: Uint8Array, encoding: string): string | null {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch (error) {
		// the decoder's way to say that these bytes are of another encoding
		if (error instanceof TypeError) return null;
		throw error;
	}
}
