import { connect } from 'node:net';

/** A unix socket's path has 108 bytes in Linux's `sockaddr_un`, the last of them a zero. */
const SOCKET_PATH_MAX_BYTES = 107;

/** A sentence when the socket of this data folder would have too long a path, else null. */
export function socketPathProblem(dataDir: string): string | null {
	const bytes = Buffer.byteLength(redisSocketPath(dataDir));
	if (bytes <= SOCKET_PATH_MAX_BYTES) return null;
	return (
		`DATA_DIR makes the path of the embedded Redis socket ${bytes} bytes long, and a unix socket's path may have ` +
		`${SOCKET_PATH_MAX_BYTES}: use a shorter DATA_DIR, or set REDIS_URL (${dataDir})`
	);
}

/** Absolute when `dataDir` is. Public contract: `redis-cli -s` reaches the embedded Redis here. */
export function redisSocketPath(dataDir: string): string {
	return `${dataDir.replace(/\/+$/, '')}/redis.sock`;
}

/** No answer to one line within this means a Redis that hangs; it answers in microseconds, even while loading. */
const ANSWER_LIMIT_MS = 2000;

/**
 * Sends one inline command and gives the first part of the answer as Redis writes it (`+PONG\r\n`, `-LOADING …`).
 * Null when nobody listens or nobody answers. Used before a real client can connect.
 */
export function askRedis(socketPath: string, command: string): Promise<string | null> {
	return new Promise((resolve) => {
		const socket = connect(socketPath);
		const answer = (text: string | null): void => {
			socket.destroy();
			resolve(text);
		};
		socket.setTimeout(ANSWER_LIMIT_MS, () => answer(null));
		socket.on('connect', () => socket.write(`${command}\r\n`));
		socket.on('data', (chunk) => answer(chunk.toString('utf8')));
		socket.on('error', () => answer(null));
		socket.on('close', () => answer(null));
	});
}
