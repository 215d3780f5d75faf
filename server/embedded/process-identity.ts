import { readFileSync } from 'node:fs';

/**
 * The start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), as text. Together with the
 * pid it names one process for good: a pid alone is given out again. Null when no such process runs.
 */
export function processStartTime(pid: number): string | null {
	let stat: string;
	try {
		stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	} catch (error) {
		if (isMissing(error)) return null;
		throw error;
	}
	// Field 2 is the program's name in brackets and may hold blanks and brackets itself, so count from its end.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const state = fields[0];
	const startTime = fields[19];
	// A zombie has ended; it only waits for its parent to read its exit code.
	return state === 'Z' || startTime === undefined ? null : startTime;
}

/** ENOENT: no such pid. ESRCH: it ended between opening and reading. */
function isMissing(error: unknown): boolean {
	const code = error instanceof Error && 'code' in error ? error.code : null;
	return code === 'ENOENT' || code === 'ESRCH';
}
