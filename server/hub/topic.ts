/**
 * A topic: one stream of frames for everybody who looks at the same scope. Each frame is encoded and compressed once;
 * the last two minutes are kept, so that a client that was cut off gets what it missed.
 */
import { deflateRawSync } from 'node:zlib';
import {
	FRAME_DEFLATED,
	FRAME_PLAIN,
	packFrame,
	type Cursor,
	type Directory,
	type Frame,
	type StationDetails
} from '#domain/frame.ts';
import type { MaskedOccupations } from '#domain/area-masks.ts';
import type { MaskedCounts } from '#domain/masking.ts';
import { COLUMNS, FIELDS, type Columns, type Field } from '#domain/table.ts';
import type { SiteBrief, SourceView } from '#domain/view.ts';
import type { Changes } from './diff.ts';

/** How long a cut may last and still be mended by patches: 30 s is promised, twice that and doubled for safety. */
export const RING_MS = 120_000;
/** Bytes of patches kept per topic; beyond, a snapshot is cheaper for everybody. */
const RING_BYTES = 8 * 1024 * 1024;
/** Below this, deflate saves nothing that counts. */
const DEFLATE_FROM_BYTES = 200;
/** Large frames are compressed in haste: the thread that does it also folds. */
const HASTE_FROM_BYTES = 64 * 1024;

/** One binary message, ready to send. */
export interface Message {
	readonly seq: number;
	readonly sentAt: number;
	readonly bytes: Buffer;
}

export interface Member {
	readonly slot: number;
	readonly site: SiteBrief;
}

export interface TopicContent {
	readonly members: readonly Member[];
	readonly directory: Directory;
	/** codes of the areas in its scope */
	readonly areas: ReadonlySet<string>;
}

export interface Extras {
	readonly sources?: readonly SourceView[];
	readonly occupations?: readonly MaskedOccupations[];
	readonly details?: StationDetails;
}

/** What a snapshot carries beside columns; `occupations` of any areas, the topic takes its own. */
export type WholeExtras = Extras & Required<Pick<Extras, 'sources' | 'occupations'>>;

export class Topic {
	readonly name: string;
	readonly epoch: string;
	seq = 0;
	/** ms, when somebody last listened */
	lastWanted: number;
	#content: TopicContent;
	#rowOf: Int32Array = new Int32Array(0);
	#ring: Message[] = [];
	#ringBytes = 0;
	#snapshot: Message | null = null;
	/** the occupations that were told last, as text */
	#toldOccupations = '[]';
	/** those of its station, likewise */
	#toldOfSite = '';

	constructor(name: string, epoch: string, content: TopicContent, nowMs: number) {
		this.name = name;
		this.epoch = epoch;
		this.#content = content;
		this.lastWanted = nowMs;
		this.#indexRows();
	}

	get cursor(): Cursor {
		return { epoch: this.epoch, seq: this.seq };
	}

	get members(): readonly Member[] {
		return this.#content.members;
	}

	/** The registry changed: everybody gets a new snapshot. */
	renew(content: TopicContent, sent: Columns, extras: WholeExtras, nowMs: number): Message {
		this.#content = content;
		this.#indexRows();
		this.#ring = [];
		this.#ringBytes = 0;
		this.seq++;
		this.#snapshot = null;
		return this.snapshot(sent, extras, nowMs);
	}

	/** Those of the topic's areas when they are not what was told last, else null. */
	newsOf(occupations: readonly MaskedOccupations[]): readonly MaskedOccupations[] | null {
		const own = this.#ownOf(occupations);
		const text = JSON.stringify(own);
		if (text === this.#toldOccupations) return null;
		this.#toldOccupations = text;
		return own;
	}

	/** Whether its station's are others than those that were told last; they are told then. */
	isNewsOfSite(occupations: MaskedCounts | null): boolean {
		const text = JSON.stringify(occupations);
		const isNew = text !== this.#toldOfSite;
		this.#toldOfSite = text;
		return isNew;
	}

	/** The frame of one tick; null when it holds nothing and `isPulse` does not ask for a sign of life. */
	patch(changes: Changes, extras: Extras, nowMs: number, isPulse: boolean): Message | null {
		const columns = this.#rowsOf(changes);
		const isEmpty = Object.keys(columns).length === 0 && Object.keys(extras).length === 0;
		if (isEmpty && !isPulse) return null;
		this.seq++;
		this.#snapshot = null;
		const message = this.#encode({ ...this.#head(nowMs), columns, ...extras }, nowMs);
		this.#keep(message);
		return message;
	}

	/** Every row as it was last sent, with the directory. Made once per seq, however many ask. */
	snapshot(sent: Columns, extras: WholeExtras, nowMs: number): Message {
		if (this.#snapshot) return this.#snapshot;
		const occupations = this.#ownOf(extras.occupations);
		this.#toldOccupations = JSON.stringify(occupations);
		const { members, directory } = this.#content;
		const rows = Uint32Array.from(members, (_, row) => row);
		const columns: { [F in Field]?: { rows: Uint32Array; values: Columns[F] } } = {};
		for (const field of FIELDS) {
			const values = new COLUMNS[field].array(members.length);
			members.forEach(({ slot }, row) => (values[row] = sent[field][slot] ?? COLUMNS[field].none));
			Object.assign(columns, { [field]: { rows, values } });
		}
		this.#snapshot = this.#encode({ ...this.#head(nowMs), columns, directory, ...extras, occupations }, nowMs);
		return this.#snapshot;
	}

	/** The frames after a cursor; null when they are not all here any more. */
	since(cursor: Cursor): readonly Message[] | null {
		if (cursor.epoch !== this.epoch || cursor.seq > this.seq) return null;
		if (cursor.seq === this.seq) return [];
		const first = this.#ring[0];
		return first && cursor.seq >= first.seq - 1 ? this.#ring.slice(cursor.seq + 1 - first.seq) : null;
	}

	#ownOf(occupations: readonly MaskedOccupations[]): readonly MaskedOccupations[] {
		return occupations.filter(({ area }) => this.#content.areas.has(area));
	}

	#head(nowMs: number): Pick<Frame, 'topic' | 'epoch' | 'seq' | 'asOf'> {
		return { topic: this.name, epoch: this.epoch, seq: this.seq, asOf: nowMs };
	}

	#indexRows(): void {
		const most = this.#content.members.reduce((max, { slot }) => Math.max(max, slot + 1), 0);
		this.#rowOf = new Int32Array(most).fill(-1);
		this.#content.members.forEach(({ slot }, row) => (this.#rowOf[slot] = row));
	}

	#rowsOf(changes: Changes): Frame['columns'] {
		const columns: { [F in Field]?: { rows: Uint32Array; values: Columns[F] } } = {};
		for (const field of FIELDS) {
			const change = changes.fields[field];
			if (!change) continue;
			const rows = new Uint32Array(change.slots.length);
			const values = new COLUMNS[field].array(change.slots.length);
			let count = 0;
			for (let i = 0; i < change.slots.length; i++) {
				const row = this.#rowOf[change.slots[i] as number] ?? -1;
				if (row < 0) continue;
				rows[count] = row;
				values[count++] = change.values[i] as number;
			}
			if (count > 0)
				Object.assign(columns, { [field]: { rows: rows.subarray(0, count), values: values.subarray(0, count) } });
		}
		return columns;
	}

	#encode(frame: Frame, nowMs: number): Message {
		const packed = packFrame(frame);
		const isSmall = packed.length < DEFLATE_FROM_BYTES;
		const body = isSmall ? packed : deflateRawSync(packed, { level: packed.length < HASTE_FROM_BYTES ? 6 : 1 });
		const bytes = Buffer.concat([Buffer.of(isSmall ? FRAME_PLAIN : FRAME_DEFLATED), body]);
		return { seq: frame.seq, sentAt: nowMs, bytes };
	}

	#keep(message: Message): void {
		this.#ring.push(message);
		this.#ringBytes += message.bytes.length;
		let gone = 0;
		for (const old of this.#ring) {
			if (old.sentAt >= message.sentAt - RING_MS && this.#ringBytes <= RING_BYTES) break;
			this.#ringBytes -= old.bytes.length;
			gone++;
		}
		if (gone > 0) this.#ring.splice(0, gone);
	}
}
