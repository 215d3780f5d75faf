/**
 * Opens a ZIP archive without trusting it. The directory at the end says what is inside; each part is unpacked with a
 * bound on its real size, and what was found is packed anew without compression. So the reader behind us never meets a part
 * that the directory hides, a size that lies, or a bomb.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { FileLimit } from './limits.ts';

/** Unpacked XML of the largest sheet that an import takes (200,000 rows) is some 200 MB. */
const MAX_UNPACKED_BYTES = 320 * 1024 * 1024;
/**
 * XML of sheets packs some 10 to 25 times; a file that packs far better is made to fill memories, and reading it costs ten times
 * what it unpacks to. Small ones may be as dull as they like.
 */
const MAX_PACKING = 100;
const UNPACKED_ANYWAY_BYTES = 32 * 1024 * 1024;
const MAX_PARTS = 2_000;

const END_SIGN = 0x06054b50;
const ENTRY_SIGN = 0x02014b50;
const LOCAL_SIGN = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

export interface ZipPart {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** Parts whose name `isWanted`. Throws `FileLimit` for an archive that is broken, encrypted or too large. */
export function unpack(archive: Uint8Array, isWanted: (name: string) => boolean): ZipPart[] {
	const view = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
	const end = findEnd(view);
	const count = view.readUInt16LE(end + 10);
	if (count > MAX_PARTS) throw tooLarge(`more than ${MAX_PARTS} parts`);
	const parts = new Map<string, ZipPart>();
	let left = Math.min(MAX_UNPACKED_BYTES, Math.max(UNPACKED_ANYWAY_BYTES, archive.byteLength * MAX_PACKING));
	let at = view.readUInt32LE(end + 16);
	for (let index = 0; index < count; index++) {
		if (at + 46 > view.length || view.readUInt32LE(at) !== ENTRY_SIGN) throw broken();
		const nameLength = view.readUInt16LE(at + 28);
		const name = view.toString('utf8', at + 46, at + 46 + nameLength);
		if (isWanted(name) && !parts.has(name)) {
			const bytes = unpackPart(view, at, left);
			left -= bytes.length;
			parts.set(name, { name, bytes });
		}
		at += 46 + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
	}
	return [...parts.values()];
}

function findEnd(view: Buffer): number {
	for (let at = view.length - END_LENGTH; at >= 0 && at >= view.length - END_LENGTH - MAX_COMMENT; at--)
		if (view.readUInt32LE(at) === END_SIGN) return at;
	throw broken();
}

/** `left`: bytes that may still be unpacked. The declared size is not even looked at. */
function unpackPart(view: Buffer, entry: number, left: number): Uint8Array {
	const isEncrypted = (view.readUInt16LE(entry + 8) & 1) === 1;
	if (isEncrypted) throw new FileLimit('xlsx_encrypted', 'The workbook has a password. Save it without one.');
	const method = view.readUInt16LE(entry + 10);
	const packedSize = view.readUInt32LE(entry + 20);
	const local = view.readUInt32LE(entry + 42);
	if (local + 30 > view.length || view.readUInt32LE(local) !== LOCAL_SIGN) throw broken();
	const from = local + 30 + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
	if (from + packedSize > view.length) throw broken();
	const packed = view.subarray(from, from + packedSize);
	if (packed.length > left) throw tooLarge('more data than a list of sites can hold');
	if (method === STORED) return packed;
	if (method !== DEFLATED) throw broken();
	return inflate(packed, left);
}

function inflate(packed: Buffer, left: number): Uint8Array {
	try {
		return inflateRawSync(packed, { maxOutputLength: Math.max(left, 1) });
	} catch (error) {
		const isOver = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
		throw isOver ? tooLarge('more data than a list of sites can hold') : broken();
	}
}

/** A plain archive of the parts, without compression. */
export function packStored(parts: readonly ZipPart[]): ArrayBuffer {
	const pieces: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const { name, bytes } of parts) {
		const path = Buffer.from(name, 'utf8');
		const facts = partFacts(bytes, path.length);
		const local = Buffer.concat([uint32(LOCAL_SIGN), facts, path]);
		const offset = at;
		pieces.push(local, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
		at += local.length + bytes.length;
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(offset, 10);
		directory.push(Buffer.concat([uint32(ENTRY_SIGN), Buffer.from([20, 0]), facts, rest, path]));
	}
	const listing = Buffer.concat(directory);
	const end = Buffer.alloc(END_LENGTH);
	end.writeUInt32LE(END_SIGN, 0);
	end.writeUInt16LE(parts.length, 8);
	end.writeUInt16LE(parts.length, 10);
	end.writeUInt32LE(listing.length, 12);
	end.writeUInt32LE(at, 16);
	// Into a buffer of its own: one that Node shares among small ones would be handed on with its neighbours.
	const whole = new Uint8Array(at + listing.length + END_LENGTH);
	let to = 0;
	for (const piece of [...pieces, listing, end]) {
		whole.set(piece, to);
		to += piece.length;
	}
	return whole.buffer;
}

/** The 26 bytes that the entry of the directory and the local header share: version … length of the extra field. */
function partFacts(bytes: Uint8Array, nameLength: number): Buffer {
	const facts = Buffer.alloc(26);
	facts.writeUInt16LE(20, 0);
	/** names are UTF-8 */
	facts.writeUInt16LE(0x0800, 2);
	facts.writeUInt16LE(STORED, 4);
	facts.writeUInt32LE(crc32(bytes), 10);
	facts.writeUInt32LE(bytes.length, 14);
	facts.writeUInt32LE(bytes.length, 18);
	facts.writeUInt16LE(nameLength, 22);
	return facts;
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value, 0);
	return bytes;
}

function broken(): FileLimit {
	return new FileLimit('xlsx_broken', 'The workbook cannot be opened: its ZIP is damaged. Save it again as XLSX.');
}

function tooLarge(what: string): FileLimit {
	return new FileLimit('xlsx_too_large', `The workbook unpacks to ${what}. Save only the sheet with the sites.`);
}
