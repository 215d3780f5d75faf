/** Log lines are JSON on standard error; what a person at the terminal should read goes to standard output. */
import pino from 'pino';

export type Log = pino.Logger;

export function openLog(level: string): Log {
	return pino(
		{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
		pino.destination({ dest: 2, sync: true })
	);
}
