/**
 * What is doubtful in the registry and what to do about it, in the language of the page. In the order to show: what misleads
 * before what is missing, and last what holds for whole cities.
 */
import { m } from '#lib/paraglide/messages.js';
import type { ProblemKind, RegistryProblem } from '#server/places/problems.ts';
import { numberText } from '../figure-text.ts';

export const PROBLEM_WORDS: Readonly<
	Record<ProblemKind, { readonly what: () => string; readonly todo: () => string }>
> = {
	no_coordinates: { what: m.data_problem_no_coordinates, todo: m.data_todo_no_coordinates },
	outside_area: { what: m.data_problem_outside_area, todo: m.data_todo_outside_area },
	same_spot: { what: m.data_problem_same_spot, todo: m.data_todo_same_spot },
	datum_unknown: { what: m.data_problem_datum_unknown, todo: m.data_todo_datum_unknown },
	no_district: { what: m.data_problem_none_district, todo: m.data_todo_none_district },
	unreadable_hours: { what: m.data_problem_unreadable_hours, todo: m.data_todo_unreadable_hours },
	no_hours: { what: m.data_problem_no_hours, todo: m.data_todo_no_hours },
	duplicate: { what: m.data_problem_duplicate, todo: m.data_todo_duplicate },
	no_telemetry: { what: m.data_problem_no_telemetry, todo: m.data_todo_no_telemetry }
};

/** What was found: as written, or the sites in question, with `+2` for those outside of the scope. */
export function foundText({ detail, others, elsewhere }: RegistryProblem): string {
	const sites = others.join(', ');
	const more = elsewhere > 0 ? `+${numberText(elsewhere)}` : '';
	return [detail, sites, more].filter((part) => part !== '').join(' ');
}
