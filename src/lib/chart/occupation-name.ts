import type { Occupation } from '#domain/occupation.ts';
import { m } from '#lib/paraglide/messages.js';

/** One by one, so that a page carries these words and not every message there is. */
const NAMES: Record<Occupation, () => string> = {
	courier: m.chart_occupation_courier,
	rider: m.chart_occupation_rider,
	ride_hail: m.chart_occupation_ride_hail,
	trucker: m.chart_occupation_trucker,
	sanitation: m.chart_occupation_sanitation,
	police_aux: m.chart_occupation_police_aux,
	construction: m.chart_occupation_construction,
	landscaping: m.chart_occupation_landscaping,
	municipal: m.chart_occupation_municipal,
	domestic: m.chart_occupation_domestic,
	nursing_care: m.chart_occupation_nursing_care,
	security: m.chart_occupation_security,
	estate_agent: m.chart_occupation_estate_agent,
	mall_staff: m.chart_occupation_mall_staff,
	other: m.chart_occupation_other,
	unknown: m.chart_occupation_unknown
};

export function occupationName(occupation: Occupation): string {
	return NAMES[occupation]();
}
