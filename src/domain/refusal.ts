/**
 * Why an event was not taken. A refusal is a result, never an exception: the entry is kept in `ops:rejected` with its
 * code and sentence, and may be sent again once mended.
 */
export const REFUSAL_CODES = [
	'malformed_json',
	'not_cloudevent',
	'unknown_type',
	'invalid_data',
	'invalid_time',
	'future_time',
	'late_time',
	'unknown_station',
	'wrong_shard',
	'sequence_reused',
	'sequence_too_old',
	'too_many_sources',
	'too_many_items',
	'seen_full'
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
	readonly code: RefusalCode;
	/** One sentence: what is wrong and what to do */
	readonly message: string;
}
