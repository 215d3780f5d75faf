/** `npm run cli -- simulate`: a believable day of the registered stations, through the public door. */
import type { StationEvent } from '#domain/event.ts';
import { simulate, type Sleep } from '#server/demo/drive.ts';
import type { SimSite } from '#server/demo/sim-site.ts';
import { eventDoor, type RejectedEvent } from './event-door.ts';

export interface SimulateCommand {
	/** Address of the server */
	readonly url: string;
	/** stations of the registry */
	readonly sites: readonly SimSite[];
	readonly key: string;
	/** Default 1: the seed of the demo inside the server, whose events these then repeat */
	readonly seed?: number;
	/** Events a second; without it the natural speed */
	readonly rate?: number;
	/** Only so many stations, live ones first; all of them are then treated as live */
	readonly stations?: number;
	/** Ends after so many seconds; without it only `signal` ends it */
	readonly seconds?: number;
	readonly heatWave?: boolean;
	readonly now: () => number;
	readonly sleep: Sleep;
	readonly print: (line: string) => void;
	readonly signal?: AbortSignal;
	readonly fetch?: typeof fetch;
}

export interface SimulateSummary {
	readonly sent: number;
	readonly accepted: number;
	/** How many events were refused, by code */
	readonly rejected: ReadonlyMap<string, number>;
	/** What the clock said it took */
	readonly seconds: number;
}

/** Runs the simulation. Throws a sentence when the server cannot be reached, refuses the key or has no stations. */
export async function simulateCommand(command: SimulateCommand): Promise<SimulateSummary> {
	checkNumbers(command);
	const sites = chooseSites(command.sites, command.stations);
	if (sites.length === 0) throw new Error('The registry has no stations. Import some first, or start the demo city.');
	command.print(
		`${sites.length} stations, ${command.rate === undefined ? 'natural speed' : `${command.rate} events a second`}`
	);
	const door = eventDoor(command);
	const start = command.now();
	const rejected = new Map<string, number>();
	let accepted = 0;
	const send = async (events: StationEvent[]) => {
		const answer = await door.send(events);
		accepted += answer.accepted;
		countCodes(rejected, answer.rejected, command.print);
	};
	const { now, sleep, signal, rate, seconds, heatWave } = command;
	const sent = await simulate({
		...{ seed: command.seed ?? 1, sites, now, sleep, send },
		...(signal ? { signal } : {}),
		...(rate === undefined ? {} : { rate }),
		...(seconds === undefined ? {} : { forMs: seconds * 1000 }),
		...(heatWave === undefined ? {} : { heatWave })
	});
	return { sent, accepted, rejected, seconds: (now() - start) / 1000 };
}

function checkNumbers({ rate, stations, seconds }: SimulateCommand): void {
	for (const [name, value] of Object.entries({ rate, stations, seconds })) {
		if (value !== undefined && !(Number.isFinite(value) && value > 0))
			throw new Error(`--${name} must be a number above 0.`);
	}
}

/** Prints the first refusal of each code; the summary counts the rest. */
export function countCodes(
	counts: Map<string, number>,
	rejected: readonly RejectedEvent[],
	print: (line: string) => void
): void {
	for (const { code, message } of rejected) {
		const known = counts.get(code) ?? 0;
		if (known === 0) print(`refused: ${code}: ${message}`);
		counts.set(code, known + 1);
	}
}

/** All sites, each with its own telemetry; or the first `stations` of them, live ones first, all as live. */
export function chooseSites(sites: readonly SimSite[], stations: number | undefined): readonly SimSite[] {
	if (stations === undefined) return sites;
	const order = { live: 0, manual: 1, none: 2 };
	return sites
		.toSorted((a, b) => order[a.telemetry] - order[b.telemetry] || (a.code < b.code ? -1 : 1))
		.slice(0, stations)
		.map((site) => ({ ...site, telemetry: 'live' }));
}
