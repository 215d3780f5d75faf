/**
 * The live door: Socket.IO on `/live`, WebSocket only. The doorkeeper says who is on the line; a client joins topics, each
 * asked for by its rule, and gets the frames it misses or a snapshot, then every frame as it is made. A client that cannot keep up is left out of frames until it has taken what
 * it was sent, and then gets what it missed [FM5]: nobody's queue grows, and nobody else waits.
 */
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { PROTOCOL, type Cursor } from '#domain/frame.ts';
import { parseScope } from '#domain/scope.ts';
import { isOwnOrigin } from '#server/access/origin.ts';
import type { Board } from '#server/hub/board.ts';
import type { Message, Topic } from '#server/hub/topic.ts';
import { Doorkeeper, type DoorkeeperOptions, type Visitor } from './doorkeeper.ts';
import { encodeForWire, lineOf, write, type Line, type Wire } from './wire.ts';

/** Bytes that may wait in a client's socket before it counts as slow. */
const SLOW_FROM_BYTES = 512 * 1024;
/** A client that has not answered the closing by then is cut off. */
const CLOSE_LIMIT_MS = 500;
/** Topics one client may listen to at once. */
const MAX_TOPICS = 32;
const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_WAITING_ANSWERS = 1000;
/** Messages of one line: a page that opens asks for a handful, a wall that goes around for one at a time. */
const MAX_MESSAGES = 200;
const MESSAGES_WINDOW_MS = 10_000;
/** Of a topic's name, in the audit. */
const MAX_NAME = 120;

const cursorShape = Compile(Type.Object({ epoch: Type.String({ maxLength: 100 }), seq: Type.Integer({ minimum: 0 }) }));

type JoinAnswer =
	{ ok: true; topic: string; epoch: string; seq: number } | { ok: false; code: string; message: string };

/** One client at one topic. Flat, because every frame walks over all of them. */
interface Listener {
	readonly line: Line;
	/** what it was sent last; null = still to be sent something */
	cursor: Cursor | null;
}

interface Client {
	readonly socket: Socket;
	readonly line: Line;
	readonly topics: Map<string, Listener>;
	readonly visitor: Visitor;
}

export interface LiveServerOptions {
	readonly http: HttpServer;
	readonly build: string;
	readonly epoch: string;
	readonly now: () => number;
	/** allowed `Origin`; null = the same host only */
	readonly origin: string | null;
	readonly access: DoorkeeperOptions['access'];
	readonly audit: DoorkeeperOptions['audit'];
	readonly onError: (error: Error) => void;
}

export class LiveServer {
	/** counts since the start */
	readonly metrics = { frames: 0, bytes: 0, skipped: 0, refused: 0 };
	readonly #io: Server;
	readonly #options: LiveServerOptions;
	readonly #door: Doorkeeper;
	readonly #clients = new Map<string, Client>();
	readonly #listeners = new Map<string, Set<Listener>>();
	readonly #transports = new Set<Socket['conn']>();
	#board: Board | null = null;
	/** the last message framed for the wire, since one message goes to many */
	#framed: { message: Message; wire: Wire; cursor: Cursor } | null = null;

	constructor(options: LiveServerOptions) {
		this.#options = options;
		const { access, audit, now, onError } = options;
		this.#door = new Doorkeeper({
			...{ access, audit, now, onError },
			onTurnedOut: ({ socket }, code, why) => this.#turnOut(socket, code, why),
			onChecked: ({ socket }, isChanged) => {
				this.#narrow(this.#clients.get(socket.id));
				// A page may show more now, or under another name.
				if (isChanged) socket.emit('access_changed');
			}
		});
		this.#io = new Server(options.http, {
			path: '/live',
			transports: ['websocket'],
			serveClient: false,
			perMessageDeflate: false,
			maxHttpBufferSize: MAX_MESSAGE_BYTES,
			allowRequest: (request, answer) => {
				const isAllowed = isOwnOrigin(request.headers, options.origin, options.access.clientOf(request));
				if (!isAllowed) this.#door.refusedForeign(request);
				answer(isAllowed ? null : 'origin not allowed', isAllowed);
			}
		});
		this.#io.use(this.#door.identify);
		this.#io.engine.on('connection', (conn: Socket['conn']) => {
			this.#transports.add(conn);
			conn.once('close', () => this.#transports.delete(conn));
			this.#count(conn);
		});
		this.#io.on('connection', (socket) => this.#welcome(socket));
	}

	/** Everything that comes in counts, whoever it comes from and whatever it asks: before anybody looks at it [LA6]. */
	#count(conn: Socket['conn']): void {
		let [messages, since] = [0, this.#options.now()];
		conn.on('packet', () => {
			const now = this.#options.now();
			if (now - since > MESSAGES_WINDOW_MS) [messages, since] = [0, now];
			messages++;
			if (messages === MAX_MESSAGES + 1) this.#door.refusedFlood(conn.request);
			if (messages <= MAX_MESSAGES) return;
			// What was read already is not looked at any more, and the line goes without waiting for its owner.
			conn.removeAllListeners('data');
			lineOf({ conn }).terminate();
		});
	}

	get clients(): number {
		return this.#clients.size;
	}

	/** Joins are answered from here on; who came earlier is greeted now, so that nobody asks in vain and has to wait. */
	attach(board: Board): void {
		this.#board = board;
		for (const { socket } of this.#clients.values()) this.#greet(socket);
	}

	isWanted(topic: Topic): boolean {
		return (this.#listeners.get(topic.name)?.size ?? 0) > 0;
	}

	/** Sends a frame to everybody who listens to its topic. */
	deliver(topic: Topic, message: Message): void {
		for (const listener of this.#listeners.get(topic.name) ?? []) {
			const { cursor } = listener;
			if (cursor?.seq === message.seq - 1 && cursor.epoch === topic.epoch && !isSlow(listener)) {
				this.#send(listener, topic, message);
			} else this.#catchUp(listener, topic);
		}
	}

	/** Closes every transport: clients come back by themselves, as after a broken line. */
	async close(): Promise<void> {
		this.#door.close();
		// All transports, also those of clients that never said what they want.
		const lines = [...this.#transports].map((conn) => lineOf({ conn }));
		for (const conn of this.#transports) conn.close(true);
		// A client that takes nothing would not answer the closing either.
		const late = setTimeout(() => lines.forEach((line) => line.terminate()), CLOSE_LIMIT_MS);
		await this.#io.close();
		clearTimeout(late);
	}

	#welcome(socket: Socket): void {
		const visitor = this.#door.admit(socket);
		const client: Client = { socket, line: lineOf(socket), topics: new Map(), visitor };
		this.#clients.set(socket.id, client);
		socket.on('join', (topic: unknown, ...rest: unknown[]) => {
			// A client that asks and does not read what it is told would let answers pile up.
			if (isFlooding(client)) return client.line.terminate();
			// The cursor may be left out: join(topic, ack).
			const ack = [topic, ...rest].find((one) => typeof one === 'function');
			const cursor = typeof rest[0] === 'function' ? null : rest[0];
			const join = (): void => {
				if (!this.#clients.has(socket.id)) return;
				const answer = this.#join(client, topic, cursor);
				ack?.(answer.reply);
				answer.then?.();
			};
			// Who is being asked who they are waits for the answer.
			if (visitor.recheck) void visitor.recheck.then(join);
			else join();
		});
		socket.on('leave', (topic: unknown) => {
			if (typeof topic === 'string') this.#leave(client, topic);
		});
		socket.on('disconnect', () => {
			for (const topic of client.topics.keys()) this.#leave(client, topic);
			this.#clients.delete(socket.id);
			this.#door.forget(visitor);
		});
		if (this.#board) this.#greet(socket);
	}

	/** Invites to join. */
	#greet(socket: Socket): void {
		const { build, epoch } = this.#options;
		socket.emit('hello', { protocol: PROTOCOL, build, epoch });
	}

	/** No longer anybody: told why, and silent from now on. */
	#turnOut(socket: Socket, code: string, why: string | null): void {
		const client = this.#clients.get(socket.id);
		if (!client) return;
		for (const topic of [...client.topics.keys()]) this.#leave(client, topic);
		socket.emit('signed_out', { code, why });
		socket.disconnect(true);
	}

	/** Topics that are no longer theirs are left. */
	#narrow(client: Client | undefined): void {
		if (!client) return;
		for (const topic of [...client.topics.keys()]) {
			const scope = parseScope(topic);
			const verdict = scope && this.#door.judge(client.visitor, scope);
			if (verdict?.isAllowed) continue;
			this.#leave(client, topic);
			client.socket.emit('topic_lost', { topic, code: verdict?.code ?? 'unknown_topic' });
		}
	}

	#join(client: Client, name: unknown, cursor: unknown): { reply: JoinAnswer; then?: () => void } {
		if (typeof name !== 'string' || (cursor !== null && cursor !== undefined && !cursorShape.Check(cursor))) {
			return this.#refuse('bad_request', 'Send join(topic, cursor or null, ack), a cursor being { epoch, seq }.');
		}
		if (!this.#board) return this.#refuse('starting', 'The server is starting. Ask again in a second.');
		if (client.topics.size >= MAX_TOPICS && !client.topics.has(name)) {
			return this.#refuse('too_many_topics', `One client may listen to ${MAX_TOPICS} topics. Leave one first.`);
		}
		const scope = parseScope(name);
		const verdict = scope && this.#door.judge(client.visitor, scope);
		if (verdict && !verdict.isAllowed) {
			this.#door.refused(client.visitor, `topic:${name.slice(0, MAX_NAME)}`, name.slice(0, MAX_NAME), verdict.code);
			return this.#refuse(verdict.code, verdict.message);
		}
		const topic = scope && this.#board.open(name, this.#options.now());
		if (!topic) {
			return this.#refuse('unknown_topic', 'No such topic. Topics are city, district:CODE, street:CODE, station:CODE.');
		}
		// Joining again begins anew from the cursor that came with it.
		const listener = client.topics.get(name) ?? { line: client.line, cursor: null };
		listener.cursor = (cursor as Cursor | null | undefined) ?? null;
		client.topics.set(name, listener);
		this.#listenersOf(name).add(listener);
		return {
			reply: { ok: true, topic: name, ...topic.cursor },
			then: () => this.#catchUp(listener, topic)
		};
	}

	#refuse(code: string, message: string): { reply: JoinAnswer } {
		this.metrics.refused++;
		return { reply: { ok: false, code, message } };
	}

	#leave(client: Client, topic: string): void {
		const listener = client.topics.get(topic);
		if (listener) this.#listeners.get(topic)?.delete(listener);
		client.topics.delete(topic);
	}

	#listenersOf(topic: string): Set<Listener> {
		const known = this.#listeners.get(topic) ?? new Set<Listener>();
		this.#listeners.set(topic, known);
		return known;
	}

	/** The missing frames when they are still kept and smaller than a snapshot, else the snapshot. */
	#catchUp(listener: Listener, topic: Topic): void {
		if (isSlow(listener)) {
			this.metrics.skipped++;
			return;
		}
		const { cursor } = listener;
		const missed = cursor && topic.since(cursor);
		if (missed?.length === 0) return;
		const snapshot = this.#board?.snapshot(topic, this.#options.now());
		if (missed && sizeOf(missed) <= (snapshot?.bytes.length ?? 0)) {
			for (const message of missed) this.#send(listener, topic, message);
		} else if (snapshot) this.#send(listener, topic, snapshot);
	}

	#send(listener: Listener, topic: Topic, message: Message): void {
		if (this.#framed?.message !== message) {
			const cursor = { epoch: topic.epoch, seq: message.seq };
			this.#framed = { message, wire: encodeForWire(message.bytes), cursor };
		}
		write(listener.line, this.#framed.wire);
		listener.cursor = this.#framed.cursor;
		this.metrics.frames++;
		this.metrics.bytes += message.bytes.length;
	}
}

const sizeOf = (messages: readonly Message[]): number => messages.reduce((sum, { bytes }) => sum + bytes.length, 0);

/** Answers and pings wait in Engine.IO's own queue; a client that takes them has a handful there at most. */
function isFlooding({ socket, line }: Client): boolean {
	const { writeBuffer } = socket.conn as unknown as { writeBuffer: unknown[] };
	return line.bufferedAmount > SLOW_FROM_BYTES || writeBuffer.length > MAX_WAITING_ANSWERS;
}

const isSlow = ({ line }: Listener): boolean => line.bufferedAmount > SLOW_FROM_BYTES;
