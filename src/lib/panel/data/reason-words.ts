/** Why an event was not taken and what to do, in the language of the page; codes are those of `src/domain/refusal.ts`. */
import type { RefusalCode } from '#domain/refusal.ts';
import { m } from '#lib/paraglide/messages.js';

interface Words {
	readonly what: () => string;
	readonly todo: () => string;
}

const REASON_WORDS: Readonly<Record<RefusalCode, Words>> = {
	malformed_json: { what: m.data_reason_malformed_json, todo: m.data_advice_malformed_json },
	not_cloudevent: { what: m.data_reason_not_cloudevent, todo: m.data_advice_not_cloudevent },
	unknown_type: { what: m.data_reason_unknown_type, todo: m.data_advice_unknown_type },
	invalid_data: { what: m.data_reason_invalid_data, todo: m.data_advice_invalid_data },
	invalid_time: { what: m.data_reason_invalid_time, todo: m.data_advice_invalid_time },
	future_time: { what: m.data_reason_future_time, todo: m.data_advice_future_time },
	late_time: { what: m.data_reason_late_time, todo: m.data_advice_late_time },
	unknown_station: { what: m.data_reason_unknown_station, todo: m.data_advice_unknown_station },
	source_not_granted: { what: m.data_reason_source_not_granted, todo: m.data_advice_source_not_granted },
	type_not_granted: { what: m.data_reason_type_not_granted, todo: m.data_advice_type_not_granted },
	station_not_granted: { what: m.data_reason_station_not_granted, todo: m.data_advice_station_not_granted },
	wrong_shard: { what: m.data_reason_wrong_shard, todo: m.data_advice_wrong_shard },
	sequence_reused: { what: m.data_reason_sequence_reused, todo: m.data_advice_sequence_reused },
	sequence_too_old: { what: m.data_reason_sequence_too_old, todo: m.data_advice_sequence_too_old },
	too_many_sources: { what: m.data_reason_too_many_sources, todo: m.data_advice_too_many_sources },
	too_many_items: { what: m.data_reason_too_many_items, todo: m.data_advice_too_many_items },
	seen_full: { what: m.data_reason_seen_full, todo: m.data_advice_seen_full }
};

const wordsOf = (reason: string): Words | null =>
	Object.hasOwn(REASON_WORDS, reason) ? REASON_WORDS[reason as RefusalCode] : null;

export const reasonText = (reason: string): string => wordsOf(reason)?.what() ?? reason;

/** Empty where nothing is known to do. */
export const reasonAdvice = (reason: string): string => wordsOf(reason)?.todo() ?? '';

/** The way by which an event came: `http`, or the name of its stream. */
export const doorText = (door: string): string => (door === 'http' ? m.data_door_http() : m.data_door_stream());
