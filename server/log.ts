/** Log lines are JSON on standard error; what a person at the terminal should read goes to standard output. */
import pino from 'pino';

export type Log = pino.Logger;

/**
 * An error of the database tells the statement and everything that was put into it: hashes of passwords, tokens, names. What
 * went wrong is known without.
 */
export function withoutParameters(line: Record<string, unknown>): Record<string, unknown> {
	const { error } = line;
	if (typeof error !== 'string') return line;
	return { ...line, error: error.replaceAll(/^params: .*(?:\n(?!\s+at ).*)*$/gm, 'params: …') };
}

export function openLog(level: string): Log {
	return pino(
		{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: withoutParameters } },
		pino.destination({ dest: 2, sync: true })
	);
}
