/** How a command that changed an account, a screen or a source tells those who have to know at once. */
import { createClient } from 'redis';
import { ACCESS_CHANNEL, type Change } from '#server/access/access.ts';
import type { CommandContext } from './commands.ts';

const LIMIT_MS = 2000;

export type Tell = (change: Change) => Promise<void>;

type Told = Required<Pick<CommandContext, 'onSourceChanged' | 'onPersonChanged' | 'onScreenChanged'>>;

export const telling = (tell: Tell): Told => ({
	onSourceChanged: (id) => tell({ kind: 'source', id }),
	onPersonChanged: (id) => tell({ kind: 'person', id }),
	onScreenChanged: (id) => tell({ kind: 'screen', id })
});

/** Over the Redis that the servers share. Without one, and where it does not answer, they notice by themselves within 30 s. */
export function tellServers(redisUrl: string | null): Tell {
	return async (change) => {
		if (redisUrl === null) return;
		try {
			// One try: a command does not wait for a Redis that is away.
			const redis = createClient({ url: redisUrl, socket: { reconnectStrategy: false, connectTimeout: LIMIT_MS } });
			redis.on('error', (error: Error) => process.emitWarning(error));
			await redis.connect();
			await redis.publish(ACCESS_CHANNEL, JSON.stringify({ ...change, from: 'operator' }));
			redis.destroy();
		} catch (error) {
			process.emitWarning(`Servers were not told, they notice within 30 s: ${(error as Error).message}`);
		}
	};
}
