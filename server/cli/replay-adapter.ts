/**
 * A replay adapter reads one format of recorded changes. A new format is a new file `replay-adapter-NAME.ts` and one
 * line in `ADAPTERS` (replay.ts).
 */
import type { EventData } from '#domain/event.ts';

/** One fact of a record, still in the time of the record. */
export type RecordedFact = {
	[T in 'people.counted' | 'station.opened' | 'station.closed']: {
		/** Stable: made from the file's content alone */
		readonly id: string;
		readonly station: string;
		/** ms, in the record's own time */
		readonly at: number;
		readonly type: T;
		readonly data: EventData[T];
	};
}['people.counted' | 'station.opened' | 'station.closed'];

/** How a station must stand when all of the record was taken; null = the record does not say. */
export interface ExpectedStation {
	readonly inside: number | null;
	readonly isOpen: boolean | null;
}

export interface ReplayAdapter {
	readonly name: string;
	/** Facts in the order of the file. Throws a sentence with the line that cannot be read. */
	facts(lines: readonly string[]): RecordedFact[];
	/** Last values of every station, read from the file's fields without going through `facts` */
	expectedState(lines: readonly string[]): Map<string, ExpectedStation>;
	/** Ids of all stations, in the order in which they first appear */
	stationsOf(lines: readonly string[]): string[];
}
