/**
 * Live values of all sites as columns: one typed array per field, one row (slot) per site (docs/adr/0005). The same
 * table stands in the server, travels in a frame as changed rows, and is read by the map to draw.
 *
 * Integers only, so that a value is equal everywhere: temperatures and humidity in hundredths, moments in whole
 * seconds since 1970 (32 unsigned bits: until 2106). Each column has one number that means "not known".
 */

const NONE_16 = -32_768;
const NONE_32 = -1;

/** Field → its array, the number that means "not known", and what one unit is worth. */
export const COLUMNS = {
	/** index in STATUSES */
	status: { array: Uint8Array, none: 0, unit: 1 },
	/** s since 1970: when that status began; 0 = not known (found so at a start) */
	since: { array: Uint32Array, none: 0, unit: 1 },
	/** s since 1970: newest event of any type; 0 = never */
	seenAt: { array: Uint32Array, none: 0, unit: 1 },
	/** people inside now */
	inside: { array: Int32Array, none: NONE_32, unit: 1 },
	/** visits of this day of Asia/Shanghai; not known (not 0) while nobody reports */
	visitsToday: { array: Int32Array, none: NONE_32, unit: 1 },
	/** 0.01 °C */
	temperature: { array: Int16Array, none: NONE_16, unit: 0.01 },
	/** 0.01 % */
	humidity: { array: Int16Array, none: NONE_16, unit: 0.01 },
	/** ppm */
	co2: { array: Int32Array, none: NONE_32, unit: 1 },
	devicesOnline: { array: Int16Array, none: NONE_16, unit: 1 },
	devicesTotal: { array: Int16Array, none: NONE_16, unit: 1 },
	/** 1 = mains on, 2 = mains lost */
	mains: { array: Uint8Array, none: 0, unit: 1 },
	/** how the newest figure of the site came to be: index in FIGURE_QUALITIES */
	quality: { array: Uint8Array, none: 0, unit: 1 },
	/** s of today that the posted hours promised, up to the moment that is accounted for; not known: none are posted [FU1] */
	postedToday: { array: Int32Array, none: NONE_32, unit: 1 },
	/** s of those in which it was open */
	openToday: { array: Int32Array, none: NONE_32, unit: 1 },
	/** s of those in which nobody knows whether it was */
	unknownToday: { array: Int32Array, none: NONE_32, unit: 1 }
} as const;

export type Field = keyof typeof COLUMNS;
export type Column = Uint8Array | Uint32Array | Int32Array | Int16Array;
export const FIELDS = Object.keys(COLUMNS) as Field[];

export const STATUSES = ['unknown', 'open', 'closed_planned', 'closed_unplanned'] as const;
export type Status = (typeof STATUSES)[number];
export const STATUS = { unknown: 0, open: 1, closed_planned: 2, closed_unplanned: 3 } as const;

/** Values of the column `quality`, the better first. A `test` event changes no figure. */
export const FIGURE_QUALITIES = ['none', 'measured', 'reported', 'estimated'] as const;
export type FigureQuality = Exclude<(typeof FIGURE_QUALITIES)[number], 'none'>;

export type Columns = { [F in Field]: InstanceType<(typeof COLUMNS)[F]['array']> };

/** Columns of `capacity` rows, nothing known in any of them. */
export function emptyColumns(capacity: number): Columns {
	const columns: Partial<Record<Field, Column>> = {};
	for (const field of FIELDS) columns[field] = new COLUMNS[field].array(capacity).fill(COLUMNS[field].none);
	return columns as Columns;
}

/** Larger columns with the same rows; new rows know nothing. */
export function grownColumns(old: Columns, capacity: number): Columns {
	const columns = emptyColumns(capacity);
	for (const field of FIELDS) columns[field].set(old[field]);
	return columns;
}

/** The value of a field as a person reads it; null = not known. Rounded to the column's own unit. */
export function readValue(columns: Columns, field: Field, slot: number): number | null {
	const { none, unit } = COLUMNS[field];
	const value = columns[field][slot];
	if (value === undefined || value === none) return null;
	return unit === 1 ? value : Math.round(value * unit * 100) / 100;
}
