/**
 * Frames: how live state travels. A frame belongs to a topic (`city`, `district:…`, `street:…`, `station:…`) and holds
 * changed rows of columns; a snapshot is the same thing with a directory and every row. `applyFrame` is the only way
 * by which a screen's state changes, so what it shows is what the server had at `epoch`, `seq` [FM1]–[FM6].
 *
 * On the wire: one byte (0 = as it is, 1 = raw deflate), then msgpack. Columns travel as their bytes, little-endian.
 */
import { Packr } from 'msgpackr';
import type { MaskedOccupations } from './area-masks.ts';
import type { MaskedCounts } from './masking.ts';
import type { Area } from './site.ts';
import { COLUMNS, emptyColumns, FIELDS, type Column, type Columns, type Field } from './table.ts';
import type { SiteBrief, SourceView } from './view.ts';

export const PROTOCOL = 1;
export const FRAME_PLAIN = 0;
export const FRAME_DEFLATED = 1;

/** Changed rows of one column and their new values. */
export interface ColumnPatch {
	readonly rows: Uint32Array;
	readonly values: Column;
}

/** What is known of the sites of a topic, by row. */
export interface Directory {
	readonly sites: readonly SiteBrief[];
	readonly areas: readonly Area[];
	/** every page must carry the 演示数据 mark */
	readonly isDemo: boolean;
}

/** Records of one station, on its own topic. */
export interface StationDetails {
	readonly devices: readonly { device: string; kind: string; state: string; reason: string | null; at: number }[];
	readonly supplies: readonly { item: string; quantity: number; expiresOn: string | null; at: number }[];
	/** visits of today by OCCUPATIONS, those that may not be told null [PE20]; null where `visitsToday` is not known */
	readonly occupations: MaskedCounts | null;
}

export interface Frame {
	readonly topic: string;
	/** Name of a numbering: it changes when the server starts or the topic is set up anew. */
	readonly epoch: string;
	readonly seq: number;
	/** ms: the moment of the server for which the frame is true */
	readonly asOf: number;
	readonly columns: { readonly [F in Field]?: ColumnPatch };
	/** present in a snapshot only */
	readonly directory?: Directory;
	/** whole, when anything in it changed */
	readonly sources?: readonly SourceView[];
	/** whole, when anything in it changed: of the areas in the topic's scope, service stations alone [OC3], masked [PE20] */
	readonly occupations?: readonly MaskedOccupations[];
	/** whole, when anything in it changed */
	readonly details?: StationDetails;
}

/** Where a client is: what it asks to go on from. */
export interface Cursor {
	readonly epoch: string;
	readonly seq: number;
}

/** What a client holds of a topic. */
export interface TopicState {
	topic: string;
	epoch: string;
	seq: number;
	asOf: number;
	directory: Directory;
	columns: Columns;
	sources: readonly SourceView[];
	occupations: readonly MaskedOccupations[];
	details: StationDetails | null;
}

/**
 * applied: the state moved on · ignored: it was there already · gap: frames are missing, ask with the cursor.
 */
export type Applied = { readonly outcome: 'applied' | 'ignored' | 'gap'; readonly state: TopicState | null };

/** Applies a frame to what a client holds. Patches write into the columns of `state`; a snapshot makes new ones. */
export function applyFrame(state: TopicState | null, frame: Frame): Applied {
	if (frame.directory) return applySnapshot(state, frame, frame.directory);
	if (!state || state.epoch !== frame.epoch || frame.seq > state.seq + 1) return { outcome: 'gap', state };
	if (frame.seq <= state.seq) return { outcome: 'ignored', state };
	writePatches(state.columns, frame);
	state.seq = frame.seq;
	state.asOf = frame.asOf;
	if (frame.sources) state.sources = frame.sources;
	if (frame.occupations) state.occupations = frame.occupations;
	if (frame.details) state.details = frame.details;
	return { outcome: 'applied', state };
}

function applySnapshot(state: TopicState | null, frame: Frame, directory: Directory): Applied {
	if (state && state.epoch === frame.epoch && frame.seq < state.seq) return { outcome: 'ignored', state };
	const columns = emptyColumns(directory.sites.length);
	writePatches(columns, frame);
	const next: TopicState = {
		topic: frame.topic,
		epoch: frame.epoch,
		seq: frame.seq,
		asOf: frame.asOf,
		directory,
		columns,
		sources: frame.sources ?? [],
		occupations: frame.occupations ?? [],
		details: frame.details ?? null
	};
	return { outcome: 'applied', state: next };
}

function writePatches(columns: Columns, frame: Frame): void {
	for (const field of FIELDS) {
		const patch = frame.columns[field];
		if (!patch) continue;
		const column = columns[field];
		const { rows, values } = patch;
		for (let i = 0; i < rows.length; i++) column[rows[i] as number] = values[i] as number;
	}
}

interface WireFrame {
	readonly t: string;
	readonly e: string;
	readonly q: number;
	readonly a: number;
	/** index of the field, rows (delta coded, 16 or 32 bits), values */
	readonly c: readonly (readonly [field: number, bits: 16 | 32, rows: Uint8Array, values: Uint8Array])[];
	readonly d?: Directory;
	readonly s?: readonly SourceView[];
	readonly o?: readonly (readonly [area: string, counts: MaskedCounts])[];
	readonly x?: StationDetails;
}

// Records off: each frame must be readable alone, and strings as keys cost nothing once deflated.
const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true });

/** The frame as msgpack, without the leading byte. */
export function packFrame(frame: Frame): Uint8Array {
	const c: WireFrame['c'][number][] = [];
	FIELDS.forEach((field, index) => {
		const patch = frame.columns[field];
		if (patch && patch.rows.length > 0) c.push([index, ...packRows(patch.rows), bytesOf(patch.values)]);
	});
	const wire: WireFrame = {
		t: frame.topic,
		e: frame.epoch,
		q: frame.seq,
		a: frame.asOf,
		c,
		...(frame.directory && { d: frame.directory }),
		...(frame.sources && { s: frame.sources }),
		...(frame.occupations && { o: frame.occupations.map(({ area, counts }) => [area, counts] as const) }),
		...(frame.details && { x: frame.details })
	};
	return packr.pack(wire);
}

/** Reads what `packFrame` wrote. Throws on anything else. */
export function unpackFrame(bytes: Uint8Array): Frame {
	const wire = packr.unpack(bytes) as WireFrame;
	const columns: { -readonly [F in Field]?: ColumnPatch } = {};
	for (const [index, bits, rows, values] of wire.c) {
		const field = FIELDS[index];
		if (!field) continue;
		columns[field] = { rows: unpackRows(bits, rows), values: valuesOf(field, values) };
	}
	return {
		topic: wire.t,
		epoch: wire.e,
		seq: wire.q,
		asOf: wire.a,
		columns,
		...(wire.d && { directory: wire.d }),
		...(wire.s && { sources: wire.s }),
		...(wire.o && { occupations: wire.o.map(([area, counts]) => ({ area, counts })) }),
		...(wire.x && { details: wire.x })
	};
}

/** Opens a binary message of the server: takes the leading byte off, inflates, unpacks. Works in browsers and Node. */
export async function openFrame(message: Uint8Array<ArrayBuffer>): Promise<Frame> {
	const body = message.subarray(1);
	if (message[0] === FRAME_PLAIN) return unpackFrame(body);
	if (message[0] !== FRAME_DEFLATED) throw new Error(`frame of an unknown packing: ${message[0]}`);
	const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	return unpackFrame(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** Rows grow, so their differences are small and deflate well. */
function packRows(rows: Uint32Array): [bits: 16 | 32, bytes: Uint8Array] {
	const isSmall = (rows.at(-1) ?? 0) < 65_536;
	const deltas = isSmall ? new Uint16Array(rows.length) : new Uint32Array(rows.length);
	let last = 0;
	for (let i = 0; i < rows.length; i++) {
		const row = rows[i] as number;
		deltas[i] = row - last;
		last = row;
	}
	return [isSmall ? 16 : 32, bytesOf(deltas)];
}

function unpackRows(bits: 16 | 32, bytes: Uint8Array): Uint32Array {
	const aligned = new Uint8Array(bytes).buffer;
	const deltas = bits === 16 ? new Uint16Array(aligned) : new Uint32Array(aligned);
	const rows = new Uint32Array(deltas.length);
	let row = 0;
	for (let i = 0; i < deltas.length; i++) rows[i] = row += deltas[i] as number;
	return rows;
}

function valuesOf(field: Field, bytes: Uint8Array): Column {
	return new COLUMNS[field].array(new Uint8Array(bytes).buffer);
}

const bytesOf = (column: Column | Uint16Array): Uint8Array =>
	new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
