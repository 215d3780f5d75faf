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
	'source_not_granted',
	'type_not_granted',
	'station_not_granted',
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

/** Sources are remembered one by one; more than this in one shard is a mistake or an attack. */
export const MAX_SOURCES = 20_000;

/** Devices, and supply items, that one site may have: far above any real one, and a bound on memory. */
export const MAX_ITEMS = 200;

/** Why the fold does not take an event. */
export const REFUSED = {
	future: {
		code: 'future_time',
		message: 'The event lies more than 5 minutes in the future. Set the clock of its source, then send it again.'
	},
	late: {
		code: 'late_time',
		message: 'The event came more than 24 hours after it happened. It is kept here and not counted.'
	},
	unknownStation: {
		code: 'unknown_station',
		message: 'No site of the registry has this subject as its code. Import the site, then send the event again.'
	},
	sourceNotGranted: {
		code: 'source_not_granted',
		message:
			'The key may not write with this value of `source`. Use one of those granted to it, or let an administrator grant this one.'
	},
	typeNotGranted: {
		code: 'type_not_granted',
		message:
			'The key may not write events of this type. Send them with the key of their own source, or let an administrator grant the type.'
	},
	stationNotGranted: {
		code: 'station_not_granted',
		message:
			'The key may not write for this station. Check the code in `subject`, or let an administrator widen the scope of the source.'
	},
	tooManySources: {
		code: 'too_many_sources',
		message: `More than ${MAX_SOURCES} sources write to this stream. Use one source per gateway, not one per event.`
	},
	tooManyItems: {
		code: 'too_many_items',
		message: `The site has ${MAX_ITEMS} devices or supply items already. Use the names of those it has.`
	},
	sequenceReused: {
		code: 'sequence_reused',
		message:
			'The source used this sequence number before, for an older event. After a restart of its counter a source takes a new name.'
	},
	sequenceTooOld: {
		code: 'sequence_too_old',
		message: 'The sequence number is too far behind to know whether it was taken. Check the event by hand.'
	},
	seenFull: {
		code: 'seen_full',
		message: 'Too many events without a sequence number in 24 hours. Let this source send the `sequence` extension.'
	}
} as const satisfies Record<string, Refusal>;
