/** The occupations a visit may tell. Apart from `event.ts`: a page that names them needs no schema library. */
export const OCCUPATIONS = [
	'courier',
	'rider',
	'ride_hail',
	'trucker',
	'sanitation',
	'police_aux',
	'construction',
	'landscaping',
	'municipal',
	'domestic',
	'nursing_care',
	'security',
	'estate_agent',
	'mall_staff',
	'other',
	'unknown'
] as const;
/** What a visitor does for a living, as the visit tells it; `unknown` where it does not. */
export type Occupation = (typeof OCCUPATIONS)[number];
