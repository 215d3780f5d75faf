/**
 * Connections to Redis. A blocked XREAD holds its connection, so every reader has one of its own; everything else shares
 * another. Commands wait in the client's queue while Redis is away and go out when it is back.
 */
import { createClient } from 'redis';

export type Redis = ReturnType<typeof newClient>;

export interface RedisAddress {
	/** redis:// address, when there is a server of its own */
	readonly url?: string;
	/** unix socket of the embedded one */
	readonly socketPath?: string;
}

const MAX_RECONNECT_DELAY_MS = 1000;

function newClient(address: RedisAddress) {
	const reconnectStrategy = (tries: number) => Math.min(50 * 2 ** Math.min(tries, 5), MAX_RECONNECT_DELAY_MS);
	const socket = address.socketPath ? { path: address.socketPath, reconnectStrategy } : { reconnectStrategy };
	// RESP2: an XREAD reply is then plain nested arrays, which the reader takes as they come.
	return createClient({ RESP: 2, ...(address.url && { url: address.url }), socket });
}

/** Opens a connection. `onError` hears of every failure; the client tries again by itself. */
export async function openRedis(address: RedisAddress, onError: (error: Error) => void): Promise<Redis> {
	const client = newClient(address);
	client.on('error', onError);
	await client.connect();
	return client;
}
