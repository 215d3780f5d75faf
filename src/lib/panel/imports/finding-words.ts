/** What is wrong with a row and what to do, in the language of the page; codes are those of the server's findings. */
import { m } from '#lib/paraglide/messages.js';

interface Words {
	readonly what: () => string;
	readonly todo: () => string;
}

const WORDS: Readonly<Record<string, Words>> = {
	name_missing: { what: m.imports_finding_name_missing, todo: m.imports_todo_name_missing },
	outside_scope: { what: m.imports_finding_outside_scope, todo: m.imports_todo_outside_scope },
	no_name_column: { what: m.imports_finding_no_name_column, todo: m.imports_todo_no_name_column },
	coordinates_incomplete: {
		what: m.imports_finding_coordinates_incomplete,
		todo: m.imports_todo_coordinates_incomplete
	},
	coordinates_no_number: { what: m.imports_finding_coordinates_no_number, todo: m.imports_todo_coordinates_no_number },
	coordinates_zero: { what: m.imports_finding_coordinates_zero, todo: m.imports_todo_coordinates_zero },
	coordinates_out_of_range: {
		what: m.imports_finding_coordinates_out_of_range,
		todo: m.imports_todo_coordinates_out_of_range
	},
	coordinates_missing: { what: m.imports_finding_coordinates_missing, todo: m.imports_todo_coordinates_missing },
	coordinates_swapped: { what: m.imports_finding_coordinates_swapped, todo: m.imports_todo_coordinates_swapped },
	no_coordinate_columns: { what: m.imports_finding_no_coordinate_columns, todo: m.imports_todo_no_coordinate_columns },
	no_district_column: { what: m.imports_finding_no_district_column, todo: m.imports_todo_no_district_column },
	district_missing: { what: m.imports_finding_district_missing, todo: m.imports_todo_district_missing },
	district_new: { what: m.imports_finding_district_new, todo: m.imports_todo_district_new },
	street_new: { what: m.imports_finding_street_new, todo: m.imports_todo_street_new },
	street_without_district: {
		what: m.imports_finding_street_without_district,
		todo: m.imports_todo_street_without_district
	},
	datum_unknown: { what: m.imports_finding_datum_unknown, todo: m.imports_todo_datum_unknown },
	datum_outside_china: { what: m.imports_finding_datum_outside_china, todo: m.imports_todo_datum_outside_china },
	datum_not_named: { what: m.imports_finding_datum_not_named, todo: m.imports_todo_datum_not_named },
	placement_same_spot: { what: m.imports_finding_placement_same_spot, todo: m.imports_todo_placement_same_spot },
	placement_other_district: {
		what: m.imports_finding_placement_other_district,
		todo: m.imports_todo_placement_other_district
	},
	hours_unknown: { what: m.imports_finding_hours_unknown, todo: m.imports_todo_hours_unknown },
	hours_in_part: { what: m.imports_finding_hours_in_part, todo: m.imports_todo_hours_in_part },
	hours_contradict: { what: m.imports_finding_hours_contradict, todo: m.imports_todo_hours_contradict },
	number_unreadable: { what: m.imports_finding_number_unreadable, todo: m.imports_todo_number_unreadable },
	date_unreadable: { what: m.imports_finding_date_unreadable, todo: m.imports_todo_date_unreadable },
	kind_unknown: { what: m.imports_finding_kind_unknown, todo: m.imports_todo_kind_unknown },
	lifecycle_unknown: { what: m.imports_finding_lifecycle_unknown, todo: m.imports_todo_lifecycle_unknown },
	telemetry_unknown: { what: m.imports_finding_telemetry_unknown, todo: m.imports_todo_telemetry_unknown },
	form_unknown: { what: m.imports_finding_form_unknown, todo: m.imports_todo_form_unknown },
	ownership_unknown: { what: m.imports_finding_ownership_unknown, todo: m.imports_todo_ownership_unknown },
	entry_method_unknown: { what: m.imports_finding_entry_method_unknown, todo: m.imports_todo_entry_method_unknown },
	honour_level_unknown: { what: m.imports_finding_honour_level_unknown, todo: m.imports_todo_honour_level_unknown },
	personal_number_dropped: {
		what: m.imports_finding_personal_number_dropped,
		todo: m.imports_todo_personal_number_dropped
	},
	phone_personal: { what: m.imports_finding_phone_personal, todo: m.imports_todo_phone_personal },
	keeper_personal: { what: m.imports_finding_keeper_personal, todo: m.imports_todo_keeper_personal },
	duplicate: { what: m.imports_finding_duplicate, todo: m.imports_todo_duplicate },
	same_name: { what: m.imports_finding_same_name, todo: m.imports_todo_same_name },
	ambiguous_name: { what: m.imports_finding_ambiguous_name, todo: m.imports_todo_ambiguous_name },
	code_conflict: { what: m.imports_finding_code_conflict, todo: m.imports_todo_code_conflict },
	external_code_taken: { what: m.imports_finding_external_code_taken, todo: m.imports_todo_external_code_taken },
	too_many_cells: { what: m.imports_finding_too_many_cells, todo: m.imports_todo_too_many_cells },
	cell_too_long: { what: m.imports_finding_cell_too_long, todo: m.imports_todo_cell_too_long },
	cell_too_deep: { what: m.imports_finding_cell_too_deep, todo: m.imports_todo_cell_too_deep },
	row_no_object: { what: m.imports_finding_row_no_object, todo: m.imports_todo_row_no_object },
	row_no_feature: { what: m.imports_finding_row_no_feature, todo: m.imports_todo_row_no_feature },
	geometry_no_point: { what: m.imports_finding_geometry_no_point, todo: m.imports_todo_geometry_no_point }
};

export interface FindingText {
	readonly what: string;
	readonly todo: string;
}

/** A code that has no words here speaks in the server's. */
export function findingText({ code, message, advice }: { code: string; message: string; advice: string }): FindingText {
	const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
	return words ? { what: words.what(), todo: words.todo() } : { what: message, todo: advice };
}
