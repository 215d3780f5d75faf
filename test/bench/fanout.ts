/**
 * Server CPU per delivered frame: our delivery, a bare `ws` server, and plain `socket.emit`, each in a process that does
 * nothing else, sending the same recorded messages to the same raw clients. The three take turns; what each of them uses
 * while idle is subtracted; the ratio is the median over the turns.
 */
import { BUSY_EVENTS_PER_SECOND, BUSY_SECONDS } from './bytes.ts';
import type { FanoutClientsQuestion } from './fanout-clients.ts';
import { SENDERS, type FanoutServerQuestion, type PlayAnswer, type SenderName } from './fanout-senders.ts';
import { startHelper, type Helper } from './helper.ts';
import { SHARED } from './machine.ts';
import { recordCity, type Recording } from './recording.ts';
import { median, percentile, type Row } from './table.ts';

const CLIENTS = 100;
/** Many short turns: a burst of somebody else's work then falls on all three alike. */
const ROUNDS = 20;
/** A server that runs for months is compiled; a fresh one becomes so in the first rounds. */
const WARM_UP_ROUNDS = 8;
const MESSAGES_PER_TURN = 40;
/** Closer than a tick, so that sending stands out against idling; far enough apart that nothing queues. */
const MESSAGE_EVERY_MS = 10;
const IDLE_MS = 2000;
const CALM_SECONDS = 10;

type Server = Helper<FanoutServerQuestion>;
type Costs = Record<SenderName, number[]>;

export async function benchFanout(): Promise<Row[]> {
	const calm = await recordCity(1000, CALM_SECONDS);
	const busy = await recordCity(BUSY_EVENTS_PER_SECOND, BUSY_SECONDS);
	const servers = new Map<SenderName, Server>();
	const clients = startHelper<FanoutClientsQuestion>(new URL('./fanout-clients.ts', import.meta.url));
	try {
		for (const name of SENDERS) {
			const server: Server = startHelper(new URL('./fanout-server.ts', import.meta.url));
			servers.set(name, server);
			const port = await server.ask<number>({ do: 'listen', sender: name });
			await clients.ask({ do: 'connect', port, clients: CLIENTS, speaks: name === 'ws' ? 'ws' : 'socket.io' });
		}
		return [
			...rowsOf('1,000', calm, await compare(servers, clients, calm)),
			...rowsOf('10,000', busy, await compare(servers, clients, busy))
		];
	} finally {
		await clients.stop();
		for (const server of servers.values()) await server.stop();
	}
}

async function compare(
	servers: ReadonlyMap<SenderName, Server>,
	clients: Helper<FanoutClientsQuestion>,
	{ messages }: Recording
): Promise<Costs> {
	const costs: Costs = { live: [], ws: [], emit: [] };
	const idle = new Map<SenderName, number>();
	for (const [name, server] of servers) {
		await server.ask({ do: 'load', messages: messages.slice(1) });
		const { cpuUs, ms } = await server.ask<PlayAnswer>({ do: 'play', messages: 0, everyMs: IDLE_MS });
		idle.set(name, cpuUs / ms);
	}
	for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
		for (const [name, server] of servers) {
			const cost = await turn(server, clients, idle.get(name) ?? 0);
			if (round >= 0) costs[name].push(cost);
		}
	}
	return costs;
}

/** µs of CPU per delivered message, beyond what idling costs (`idleUs` per ms). */
async function turn(server: Server, clients: Helper<FanoutClientsQuestion>, idleUs: number): Promise<number> {
	await clients.ask({ do: 'count' });
	const { cpuUs, ms } = await server.ask<PlayAnswer>({
		do: 'play',
		messages: MESSAGES_PER_TURN,
		everyMs: MESSAGE_EVERY_MS
	});
	const received = await clients.ask<number>({ do: 'count' });
	const expected = MESSAGES_PER_TURN * CLIENTS;
	if (received !== expected) throw new Error(`${received} messages arrived where ${expected} were sent`);
	return (cpuUs - idleUs * ms) / expected;
}

function rowsOf(rate: string, { messages }: Recording, { live, ws, emit }: Costs): Row[] {
	const size = median(messages.slice(1).map(({ length }) => length)).toLocaleString('en');
	const us = (values: number[]): string => `${median(values).toFixed(1)} µs`;
	const ratio = (values: number[]): number => median(values.map((cost, round) => cost / (ws[round] ?? Number.NaN)));
	const each = live.map((cost, round) => cost / (ws[round] ?? Number.NaN));
	const middle = `${percentile(each, 0.25).toFixed(2)}–${percentile(each, 0.75).toFixed(2)}`;
	return [
		{
			what: `server CPU per frame delivered ÷ bare ws, frames of ${rate} ev/s, ${CLIENTS} clients (${SHARED})`,
			measured: `${us(live)} ÷ ${us(ws)} (middle half of ${ROUNDS} turns ${middle}), ${size} B median`,
			ratio: ratio(live),
			target: '≤ 1.15'
		},
		{
			what: `  beside it: plain socket.emit ÷ bare ws, frames of ${rate} ev/s`,
			measured: `${us(emit)} ÷ ${us(ws)}`,
			ratio: ratio(emit),
			target: ''
		}
	];
}
