/**
 * What changed since the last tick, found by comparing the touched rows with what was last sent. So a value that went
 * there and back is not sent, and the last value of a tick wins.
 */
import type { LiveState } from '#domain/state.ts';
import { COLUMNS, emptyColumns, FIELDS, grownColumns, type Column, type Columns, type Field } from '#domain/table.ts';

/** Slots whose value of a field changed, growing, and the new values. */
export interface FieldChange {
	readonly slots: Uint32Array;
	readonly values: Column;
}

export interface Changes {
	readonly fields: { readonly [F in Field]?: FieldChange };
	/** every slot with any change, growing */
	readonly slots: Int32Array;
}

/** The columns as every subscriber has them. */
export class SentColumns {
	columns: Columns = emptyColumns(0);

	/** Takes the touched rows of `state` (and forgets that they were touched) and returns what differs. */
	collect(state: LiveState): Changes {
		if (this.columns.status.length < state.capacity) this.columns = grownColumns(this.columns, state.capacity);
		const slots = state.dirtySlots.slice(0, state.dirtyCount).sort();
		for (const slot of slots) state.isDirty[slot] = 0;
		state.dirtyCount = 0;
		const fields: { [F in Field]?: FieldChange } = {};
		for (const field of FIELDS) {
			const change = this.#compare(field, state.columns[field], slots);
			if (change) fields[field] = change;
		}
		return { fields, slots };
	}

	#compare(field: Field, live: Column, touched: Int32Array): FieldChange | null {
		const sent = this.columns[field];
		const slots = new Uint32Array(touched.length);
		let count = 0;
		for (let i = 0; i < touched.length; i++) {
			const slot = touched[i] as number;
			const value = live[slot] as number;
			if (sent[slot] === value) continue;
			sent[slot] = value;
			slots[count++] = slot;
		}
		if (count === 0) return null;
		const values = new COLUMNS[field].array(count);
		for (let i = 0; i < count; i++) values[i] = sent[slots[i] as number] as number;
		return { slots: slots.subarray(0, count), values };
	}
}
