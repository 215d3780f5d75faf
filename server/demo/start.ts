/** The demo inside the server: the city's day, sent through the same stream as everybody else's events. */
import { pause, simulate, type SimulateOptions, type Sleep } from './drive.ts';
import type { SimSite } from './sim-site.ts';

export interface DemoOptions extends Pick<SimulateOptions, 'now' | 'send'> {
	readonly sites: readonly SimSite[];
	readonly seed: number;
	readonly sleep: Sleep;
	/** One sentence on what went wrong and what happens next */
	readonly log: (message: string) => void;
}

export interface RunningDemo {
	/** Resolves once nothing more will be sent */
	stop(): Promise<void>;
}

const RETRY_MS = 5000;

/**
 * Begins at once with the opening state. When `send` fails (Redis being started again), the demo says so, waits and
 * begins anew: what was already taken is known by its ids.
 */
export function startDemo(options: DemoOptions): RunningDemo {
	const abort = new AbortController();
	const running = run(options, abort.signal);
	return {
		async stop() {
			abort.abort();
			await running;
		}
	};
}

async function run(options: DemoOptions, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			await simulate({ ...options, signal });
		} catch (error) {
			if (signal.aborted) return;
			const reason = error instanceof Error ? error.message : String(error);
			options.log(`The demo could not send its events (${reason}). It tries again in ${RETRY_MS / 1000} s.`);
			await pause({ sleep: options.sleep, signal }, RETRY_MS);
		}
	}
}
