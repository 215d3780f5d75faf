/** Why a door of the import desk said no, as a sentence that says what to do; codes are those of the server. */
import type { UndoBlock } from '#server/store/undo-store.ts';
import { m } from '#lib/paraglide/messages.js';

/** What a door answered instead of what was asked. */
export interface DoorProblem {
	/** 0 = the server was not reached */
	readonly status: number;
	readonly code: string;
	/** in the server's words; empty where it had none */
	readonly message: string;
	/** of a file that cannot be read */
	readonly line?: number | undefined;
	/** of an undo: what stands in its way */
	readonly sites?: readonly UndoBlock[] | undefined;
}

export type Answer<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: DoorProblem };

const SENTENCE: Readonly<Record<string, () => string>> = {
	sign_in_needed: m.imports_problem_sign_in_needed,
	origin_not_allowed: m.imports_problem_origin_not_allowed,
	too_large: m.imports_problem_too_large,
	file_empty: m.imports_problem_file_empty,
	file_not_text: m.imports_problem_file_not_text,
	file_unreadable: m.imports_problem_file_unreadable,
	file_too_heavy: m.imports_problem_file_too_heavy,
	file_too_slow: m.imports_problem_file_too_slow,
	encoding_unknown: m.imports_problem_encoding_unknown,
	csv_broken: m.imports_problem_csv_broken,
	json_broken: m.imports_problem_json_broken,
	json_no_array: m.imports_problem_json_no_array,
	xlsx_broken: m.imports_problem_xlsx_broken,
	xlsx_encrypted: m.imports_problem_xlsx_encrypted,
	xlsx_too_large: m.imports_problem_xlsx_too_large,
	too_many_rows: m.imports_problem_too_many_rows,
	too_many_columns: m.imports_problem_too_many_columns,
	too_many_sheets: m.imports_problem_too_many_sheets,
	sheet_unknown: m.imports_problem_sheet_unknown,
	upload_cut: m.imports_problem_upload_cut,
	unknown_session: m.imports_problem_unknown_session,
	no_preview: m.imports_problem_no_preview,
	preview_outdated: m.imports_problem_preview_outdated,
	datum_needed: m.imports_problem_datum_needed,
	too_many_imports: m.imports_problem_too_many_imports,
	busy: m.imports_problem_busy,
	registry_moved: m.imports_problem_registry_moved,
	bad_mapping: m.imports_problem_bad_mapping,
	unknown_import: m.imports_problem_unknown_import,
	not_an_import: m.imports_problem_not_an_import,
	already_undone: m.imports_problem_already_undone,
	no_images: m.imports_problem_no_images,
	changed_since: m.imports_problem_changed_since,
	outside_scope: m.imports_problem_outside_scope,
	unreachable: m.imports_problem_unreachable,
	unknown: m.imports_problem_unknown
};

export function problemText({ code, message }: Pick<DoorProblem, 'code' | 'message'>): string {
	const sentence = Object.hasOwn(SENTENCE, code) ? SENTENCE[code] : undefined;
	return sentence?.() ?? (message || m.imports_problem_unknown());
}
