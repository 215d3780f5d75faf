/**
 * The link of this page to the server: the only place that opens a socket. It keeps trying for ever, says truthfully
 * whether frames arrive, hands frames to their topics in the order in which they came, and knows the server's time.
 */
import { io, type Socket } from 'socket.io-client';
import { openFrame, PROTOCOL, type Cursor, type Frame } from '#domain/frame.ts';
import { FRAME_STALE_SECONDS } from './feed.ts';
import { isReloadDue, nextLinkState, type LinkEvent, type LinkState } from './connection-machine.ts';
import type { Difference } from './difference.ts';
import { ServerClock } from './server-clock.ts';

export interface Hello {
	readonly protocol: number;
	readonly build: string;
	readonly epoch: string;
}

export type JoinAnswer =
	| { readonly ok: true; readonly topic: string; readonly epoch: string; readonly seq: number }
	| { readonly ok: false; readonly code: string; readonly message: string };

interface FromServer {
	hello: (hello: Hello) => void;
	frame: (message: ArrayBuffer) => void;
	signed_out: (end: { readonly why: string | null }) => void;
	topic_lost: (loss: { readonly topic: string }) => void;
	access_changed: () => void;
}

/** What the server shows has changed: nobody is signed in (any more), a topic went with a grant, or grants are others. */
export type Loss =
	| { readonly kind: 'signed_out'; readonly why: string | null }
	| { readonly kind: 'topic'; readonly topic: string }
	| { readonly kind: 'changed' };

interface ToServer {
	join: (topic: string, cursor: Cursor | null, answer: (answer: JoinAnswer) => void) => void;
	leave: (topic: string) => void;
}

/** Who wants the frames of a topic. */
export interface Follower {
	readonly topic: string;
	/** The server said hello (again): time to join. */
	greeted(): void;
	take(frame: Frame): void;
	/** A message could not be read: what is held may miss a frame. */
	spoiled(): void;
	/** The link is gone: what is held stays as it is until it is mended. */
	parted(): void;
}

const REFUSED_RETRY_MS = 1_000;
const JOIN_TIMEOUT_MS = 8_000;
/** Where a tab remembers for which build it was loaded anew. */
const RELOADED_FOR = 'yizhan.reloaded-for';

/** What a mended link brought of a topic that was held before. */
export interface CatchUp extends Difference {
	readonly topic: string;
	/** ms for which no frame had arrived */
	readonly elapsedMs: number;
}

export class Connection {
	#state = $state.raw<LinkState>('connecting');
	#since = $state.raw(0);
	#now = $state.raw(0);
	#isDemo = $state.raw(false);
	#socket: Socket<FromServer, ToServer> | null = null;
	#followers: readonly Follower[] = [];
	#lossListeners: readonly ((loss: Loss) => void)[] = [];
	#catchUpListeners: readonly ((catchUp: CatchUp) => void)[] = [];
	/** local ms at which the last interruption began; null = none since the page was opened */
	#lostAt: number | null = null;
	#clock = new ServerClock();
	#opening: Promise<void> = Promise.resolve();
	#firstBuild: string | null = null;
	/** local ms: last sign of life, or last time a fresh start was made */
	#quietSince = 0;

	get state(): LinkState {
		return this.#state;
	}

	/** Server ms at which `state` began; 0 before the page runs. */
	get since(): number {
		return this.#since;
	}

	/** The server's time in ms, moving once a second; 0 before the page runs (and on the server). */
	get now(): number {
		return this.#now;
	}

	/** Any directory seen so far said that the city is made up. */
	get isDemo(): boolean {
		return this.#isDemo;
	}

	/** Opens the link; the answer closes it. Called once, by the root layout. */
	start(): () => void {
		const socket: Socket<FromServer, ToServer> = io({
			path: '/live',
			transports: ['websocket'],
			reconnectionDelay: 1_000,
			reconnectionDelayMax: 5_000,
			randomizationFactor: 0.5,
			timeout: 10_000
		});
		this.#socket = socket;
		this.#quietSince = Date.now();
		this.#since = Date.now();
		socket.on('hello', (hello) => this.#greet(hello));
		socket.on('frame', (message) => this.#receive(message));
		socket.on('signed_out', ({ why }) => this.#lose({ kind: 'signed_out', why }));
		socket.on('access_changed', () => this.#lose({ kind: 'changed' }));
		socket.on('topic_lost', ({ topic }) => this.#lose({ kind: 'topic', topic }));
		socket.on('connect_error', (error: Error & { data?: { code?: string } }) => {
			this.#move('lost');
			// A refusal in words ends the tries of the client: either it means it, or the server is not there yet.
			const code = error.data?.code;
			if (code === 'starting') setTimeout(() => this.#reopen(), REFUSED_RETRY_MS);
			else if (code !== undefined) this.#lose({ kind: 'signed_out', why: null });
		});
		socket.on('disconnect', (reason) => {
			this.#move('lost');
			// After a polite goodbye the client does not come back by itself.
			if (reason === 'io server disconnect') setTimeout(() => this.#reopen(), 1_000 + Math.random() * 2_000);
		});
		const stopTicking = this.#tickEverySecond();
		const wake = (): void => {
			if (document.visibilityState === 'visible' && !socket.connected) this.#reopen();
		};
		document.addEventListener('visibilitychange', wake);
		window.addEventListener('online', wake);
		return () => {
			stopTicking();
			document.removeEventListener('visibilitychange', wake);
			window.removeEventListener('online', wake);
			this.#socket = null;
			socket.disconnect();
		};
	}

	/** Adds a follower; the answer removes it and leaves the topic when nobody else follows it. */
	follow(follower: Follower): () => void {
		this.#followers = [...this.#followers, follower];
		if (this.#socket?.connected) follower.greeted();
		return () => {
			this.#followers = this.#followers.filter((other) => other !== follower);
			const isFollowed = this.#followers.some((other) => other.topic === follower.topic);
			if (!isFollowed && this.#socket?.connected) this.#socket.emit('leave', follower.topic);
		};
	}

	/** Tells what each mended link brought; the answer stops it. */
	onCatchUp(listener: (catchUp: CatchUp) => void): () => void {
		this.#catchUpListeners = [...this.#catchUpListeners, listener];
		return () => {
			this.#catchUpListeners = this.#catchUpListeners.filter((other) => other !== listener);
		};
	}

	/** Tells when the server shows something no longer; the answer stops it. */
	onLoss(listener: (loss: Loss) => void): () => void {
		this.#lossListeners = [...this.#lossListeners, listener];
		return () => {
			this.#lossListeners = this.#lossListeners.filter((other) => other !== listener);
		};
	}

	#lose(loss: Loss): void {
		for (const listener of this.#lossListeners) listener(loss);
	}

	/** A topic holds all that the server had when it was joined again. */
	caughtUp(topic: string, difference: Difference): void {
		if (this.#lostAt === null) return;
		const elapsedMs = Math.max(0, Date.now() - this.#lostAt);
		for (const listener of this.#catchUpListeners) listener({ topic, elapsedMs, ...difference });
	}

	/** Asks for a topic from a cursor on. Null: no link, or no answer in time. */
	async join(topic: string, cursor: Cursor | null): Promise<JoinAnswer | null> {
		const socket = this.#socket;
		if (!socket?.connected) return null;
		return new Promise((resolve) => {
			socket.timeout(JOIN_TIMEOUT_MS).emit('join', topic, cursor, (failure: Error | null, answer: JoinAnswer) => {
				resolve(failure ? null : answer);
			});
		});
	}

	#move(event: LinkEvent): void {
		const next = nextLinkState(this.#state, event);
		if (next === this.#state) return;
		this.#state = next;
		// Silence is noticed late: it began with the last sign of life.
		const began = event === 'fellSilent' ? this.#quietSince : Date.now();
		this.#since = this.#clock.serverTime(began);
		if (next !== 'interrupted') return;
		this.#lostAt = began;
		for (const follower of this.#followers) follower.parted();
	}

	#greet(hello: Hello): void {
		if (this.#reloadFor(hello.build)) return;
		if (hello.protocol !== PROTOCOL) {
			this.#move('turnedAway');
			return;
		}
		this.#quietSince = Date.now();
		this.#move('greeted');
		// A page that follows nothing has nothing else to hear; Socket.IO itself notices when the line breaks.
		if (this.#followers.length === 0) this.#move('heard');
		for (const follower of this.#followers) follower.greeted();
	}

	#reloadFor(build: string): boolean {
		const isDue = isReloadDue(this.#firstBuild, build, sessionStorage.getItem(RELOADED_FOR));
		this.#firstBuild ??= build;
		if (!isDue) return false;
		sessionStorage.setItem(RELOADED_FOR, build);
		location.reload();
		return true;
	}

	/** Messages are opened one after the other, so that a small one never overtakes a large one. */
	#receive(message: ArrayBuffer): void {
		this.#quietSince = Date.now();
		const arrivedAt = this.#quietSince;
		this.#opening = this.#opening.then(async () => {
			try {
				this.#deliver(await openFrame(new Uint8Array(message)), arrivedAt);
			} catch (cause) {
				reportError(new Error('A frame could not be read; the topics are asked for again.', { cause }));
				for (const follower of this.#followers) follower.spoiled();
			}
		});
	}

	#deliver(frame: Frame, arrivedAt: number): void {
		if (this.#state === 'refused') return;
		this.#clock.learn(frame.asOf, arrivedAt);
		if (frame.directory) this.#isDemo = frame.directory.isDemo;
		for (const follower of this.#followers) if (follower.topic === frame.topic) follower.take(frame);
		this.#move('heard');
	}

	/** Tries at once, whatever delay was running. */
	#reopen(): void {
		if (!this.#socket) return;
		this.#quietSince = Date.now();
		this.#socket.disconnect().connect();
	}

	#tickEverySecond(): () => void {
		let timer: ReturnType<typeof setTimeout>;
		const tick = (): void => {
			const local = Date.now();
			this.#now = this.#clock.serverTime(local);
			this.#watchForSilence(local);
			timer = setTimeout(tick, 1_000 - (this.#now % 1_000) + 5);
		};
		tick();
		return () => clearTimeout(timer);
	}

	#watchForSilence(local: number): void {
		// The clock of this machine may be set back; then silence is counted from that moment.
		if (local < this.#quietSince) this.#quietSince = local;
		if (!this.#socket?.connected || this.#followers.length === 0) return;
		if (local - this.#quietSince < FRAME_STALE_SECONDS * 1_000) return;
		this.#move('fellSilent');
		this.#reopen();
	}
}

/** The link of this page. */
export const connection = new Connection();
