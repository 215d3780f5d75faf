/**
 * Recorded changes of a bicycle-sharing system, one JSON object a line: `{ t, id, full }` is a station's first state,
 * `{ t, lr, id, set }` changes some of its fields; `t` in seconds. Bicycles that stand there are taken as people inside,
 * renting switched on or off as the door opened or closed.
 */
import type { ExpectedStation, RecordedFact, ReplayAdapter } from './replay-adapter.ts';

interface Fields {
	readonly num_bikes_available?: number;
	readonly is_renting?: boolean;
}

interface RecordLine {
	/** Counted from 1 */
	readonly number: number;
	readonly atMs: number;
	readonly station: string;
	readonly fields: Fields;
}

export const osloAdapter: ReplayAdapter = {
	name: 'oslo',
	facts(lines) {
		const inside = new Map<string, number>();
		const renting = new Map<string, boolean>();
		return [...readLines(lines)].flatMap((line) => factsOfLine(line, inside, renting));
	},
	expectedState(lines) {
		const expected = new Map<string, ExpectedStation>();
		for (const { station, fields } of readLines(lines)) {
			const before = expected.get(station) ?? { inside: null, isOpen: null };
			expected.set(station, {
				inside: fields.num_bikes_available ?? before.inside,
				isOpen: fields.is_renting ?? before.isOpen
			});
		}
		return expected;
	},
	stationsOf(lines) {
		return [...new Set([...readLines(lines)].map(({ station }) => station))];
	}
};

/** Zero to two facts: `inside` and `renting` hold the station's last known values and are moved on. */
function factsOfLine(line: RecordLine, inside: Map<string, number>, renting: Map<string, boolean>): RecordedFact[] {
	const { station, atMs: at, fields, number } = line;
	const facts: RecordedFact[] = [];
	const bikes = fields.num_bikes_available;
	if (bikes !== undefined) {
		// The first state is a stock, not people coming in.
		const change = bikes - (inside.get(station) ?? bikes);
		inside.set(station, bikes);
		const data = { in: Math.max(0, change), out: Math.max(0, -change), inside: bikes };
		facts.push({ id: `${number}-inside`, station, at, type: 'people.counted', data });
	}
	const isOpen = fields.is_renting;
	if (isOpen !== undefined && isOpen !== renting.get(station)) {
		renting.set(station, isOpen);
		const type = isOpen ? 'station.opened' : 'station.closed';
		facts.push({ id: `${number}-door`, station, at, type, data: { by: 'remote' } });
	}
	return facts;
}

function* readLines(lines: readonly string[]): Generator<RecordLine> {
	for (const [index, line] of lines.entries()) if (line.trim() !== '') yield readLine(line, index + 1);
}

function readLine(line: string, number: number): RecordLine {
	const record = parseLine(line, number);
	const { t, id } = record;
	const fields = record['full'] ?? record['set'];
	if (typeof t !== 'number' || typeof id !== 'string' || !isFields(fields)) {
		throw new Error(`Line ${number} is no record of this format: t, id and full or set are needed.`);
	}
	return { number, atMs: t * 1000, station: id, fields };
}

function parseLine(line: string, number: number): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(line);
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch (error) {
		throw new Error(`Line ${number} is not JSON.`, { cause: error });
	}
	throw new Error(`Line ${number} is not a JSON object.`);
}

function isFields(value: unknown): value is Fields {
	if (typeof value !== 'object' || value === null) return false;
	const { num_bikes_available: bikes, is_renting: renting } = value as Record<string, unknown>;
	const isCount = bikes === undefined || (typeof bikes === 'number' && Number.isInteger(bikes) && bikes >= 0);
	return isCount && (renting === undefined || typeof renting === 'boolean');
}
