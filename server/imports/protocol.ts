/** What the import desk asks of its worker and gets back. Everything here travels between threads. */
import type { Scope } from '#domain/scope.ts';
import type { Area, Datum } from '#domain/site.ts';
import type { Column } from '#server/registry/columns.ts';
import type { ExportTerms } from '#server/registry/export-columns.ts';
import type { ExportFormat } from '#server/registry/export.ts';
import type { Finding } from '#server/registry/finding.ts';
import type { AddedSite, ChangedSite, FieldChange } from '#server/registry/plan.ts';
import type { NewArea, RegisteredSite } from '#server/registry/site-fields.ts';
import type { TableFormat } from '#server/registry/table.ts';

/** One entry per column of the file: the field it fills, or null. No field twice. */
export type Mapping = readonly (Column | null)[];

export interface Registry {
	readonly sites: readonly RegisteredSite[];
	readonly areas: readonly Area[];
}

/** What a file is, before anybody has said what its columns mean. */
export interface Inspection {
	readonly format: TableFormat;
	readonly encoding: string | null;
	readonly sheets: readonly string[];
	readonly sheet: string | null;
	/** What line numbers count in this file */
	readonly unit: 'line' | 'row' | 'element';
	readonly headerLine: number;
	readonly rows: number;
	readonly columns: readonly {
		readonly header: string;
		/** The first few different values, shortened, without personal numbers */
		readonly sample: readonly string[];
		readonly guess: Column | null;
	}[];
}

/** A row with coordinates and where it would stand. */
export interface StatedPoint {
	readonly line: number;
	/** Code of the district it states, where the registry knows that district */
	readonly district: string | null;
	/** WGS-84 under each of `CHOICES`, in that order */
	readonly at: readonly (readonly [lng: number, lat: number])[];
}

/** The datums a person chooses from; cgcs2000 is wgs84 on a screen. */
export const CHOICES = ['wgs84', 'gcj02', 'bd09'] as const satisfies readonly Datum[];
export type DatumChoice = (typeof CHOICES)[number];

export interface Placing {
	/** Rows with coordinates that can be read, of the whole file */
	readonly located: number;
	readonly swapped: number;
	/** Some row with coordinates names no datum of its own */
	readonly isDatumNeeded: boolean;
	/** At most `PLACED_ROWS` of them, evenly over the file */
	readonly points: readonly StatedPoint[];
}

export interface PlanSummary {
	readonly datum: Datum | null;
	readonly rows: number;
	readonly added: number;
	readonly changed: number;
	readonly unchanged: number;
	readonly warnings: number;
	readonly errors: number;
	readonly warningsByCode: Readonly<Record<string, number>>;
	readonly errorsByCode: Readonly<Record<string, number>>;
	readonly newAreas: readonly NewArea[];
	readonly ignoredColumns: readonly string[];
}

export const PAGE_KINDS = ['added', 'changed', 'unchanged', 'warnings', 'errors'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

export interface SiteItem {
	readonly line: number;
	readonly code: string;
	readonly name: string;
	/** Of a new site: what is known of it */
	readonly fields?: Readonly<Record<string, unknown>>;
	readonly changes?: readonly FieldChange[];
}

export interface FindingItem extends Finding {
	/** The cell as the file has it, shortened, and of a row outside of the scope name, code and area; null where the finding is about the whole row or about a person */
	readonly value: string | null;
	readonly advice: string;
}

export interface Page {
	readonly total: number;
	readonly items: readonly (SiteItem | FindingItem)[];
	/** What to send as `after` for the next page; null at the end */
	readonly next: number | null;
}

/** Each question's input and answer. */
export interface Jobs {
	read: {
		/** `from`: a path, or the bytes themselves */
		input: { readonly from: string | Uint8Array; readonly fileName: string; readonly sheet?: string | undefined };
		output: { readonly ok: true; readonly inspection: Inspection } | { readonly ok: false; readonly problem: Finding };
	};
	place: { input: { readonly mapping: Mapping; readonly areas: readonly Area[] }; output: Placing };
	/** Doubts by neighbours, under each of `CHOICES`: lines whose neighbours state another district */
	doubt: { input: { readonly mapping: Mapping; readonly registry: Registry }; output: readonly (readonly number[])[] };
	plan: {
		input: {
			readonly mapping: Mapping;
			readonly datum: Datum | null;
			readonly registry: Registry;
			/** where the writer may write */
			readonly scopes: readonly Scope[];
		};
		/** null: a datum is needed and none was given */
		output: PlanSummary | null;
	};
	page: { input: { readonly kind: PageKind; readonly after: number; readonly limit: number }; output: Page };
	added: { input: { readonly from: number; readonly count: number }; output: readonly AddedSite[] };
	changed: { input: { readonly from: number; readonly count: number }; output: readonly ChangedSite[] };
	findings: { input: null; output: { readonly warnings: readonly Finding[]; readonly errors: readonly Finding[] } };
	/** The registry as a file */
	export: {
		input: { readonly registry: Registry; readonly format: ExportFormat; readonly terms: ExportTerms };
		output: Uint8Array;
	};
	/** The rows with warnings and errors as CSV */
	errorList: { input: null; output: string };
}

export type JobName = keyof Jobs;

export const PHASES = ['idle', 'reading', 'placing', 'planning'] as const;
export type Phase = (typeof PHASES)[number];

/** Fields of the shared array in which a worker says how far it is. */
export const PROGRESS = { phase: 0, rows: 1, total: 2 } as const;
