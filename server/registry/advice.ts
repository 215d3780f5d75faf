/** What to do about each kind of finding, for a list that somebody works off row by row. */

const MEND_PLACE = 'Look the site up on a map and correct its coordinates or its district.';
const MEND_WORD = 'Write one of the known words, or leave the cell empty to keep what the registry has.';
const PERSONAL = 'Give an office and its landline instead of a person; nothing else is kept.';
const ONE_ROW = 'Keep one row per site; delete the other, or give each its own code.';

const ADVICE: Readonly<Record<string, string>> = {
	name_missing: 'Fill in the name and import the row again.',
	no_name_column: 'Say which column holds the names of the sites.',
	coordinates_incomplete: 'Give both longitude and latitude, or leave both empty.',
	coordinates_no_number: 'Write decimal degrees such as 120.3018 and 31.5747.',
	coordinates_zero: 'Leave both cells empty until the place is known.',
	coordinates_out_of_range: 'Check the digits and the decimal point.',
	coordinates_missing: 'Add coordinates when they are known; until then the site stands on no map.',
	coordinates_swapped: 'Nothing, if the point on the map is right. Otherwise exchange the two cells.',
	no_coordinate_columns: 'Say which columns hold the coordinates, or go on without them.',
	no_district_column: 'Say which column holds the district, or go on without it.',
	district_missing: 'Add the district, so that the site counts in it.',
	district_new: 'Check the spelling. If the area exists under another name, write that.',
	street_new: 'Check the spelling. If the area exists under another name, write that.',
	street_without_district: 'Add the district of the street.',
	datum_unknown: 'Write WGS-84, GCJ-02 or BD-09 in the column, or leave it empty.',
	datum_outside_china: 'Check the coordinates, or choose WGS-84.',
	datum_not_named: 'Say which datum the coordinates are in.',
	placement_same_spot: MEND_PLACE,
	placement_other_district: MEND_PLACE,
	hours_unknown: 'Write hours such as 08:30-17:30 or 周一至周五 08:30-12:00,13:00-17:30.',
	hours_in_part: 'Check what was understood on the page of the site.',
	hours_contradict: 'Correct either the hours or the column that says 24 h.',
	number_unreadable: 'Write a plain number.',
	date_unreadable: 'Write a whole date such as 2024-05-01.',
	kind_unknown: MEND_WORD,
	lifecycle_unknown: MEND_WORD,
	telemetry_unknown: MEND_WORD,
	form_unknown: MEND_WORD,
	ownership_unknown: MEND_WORD,
	entry_method_unknown: MEND_WORD,
	honour_level_unknown: 'Name the level in the title (全国, 省, 市).',
	personal_number_dropped: PERSONAL,
	phone_personal: PERSONAL,
	keeper_personal: PERSONAL,
	duplicate: ONE_ROW,
	outside_scope: 'Have it imported by who answers for that area, or correct the district and street of the row.',
	same_name: ONE_ROW,
	ambiguous_name: 'Add the code of the site that is meant.',
	code_conflict: 'Correct the code or the external code.',
	external_code_taken: 'Correct the external code, or the code of the site.',
	too_many_cells: 'Put the cell that holds a comma into quotes.',
	cell_too_long: 'Shorten the text of this cell.',
	cell_too_deep: 'Write a plain list of words.',
	row_no_object: 'Write one object per site.',
	row_no_feature: 'Write one GeoJSON Feature per site.',
	geometry_no_point: 'Give a point: the entrance or the centre of the site.'
};

export function adviceFor(code: string): string {
	return ADVICE[code] ?? 'Correct the row and import it again.';
}
