/**
 * Who is on the line. Asks in the handshake, and again whenever something about somebody changed, a session's time is up,
 * or it was long ago: a revoked session, a narrowed grant or a disabled account is noticed within a second. What follows
 * from it for topics is the live server's business.
 */
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { Socket } from 'socket.io';
import type { Scope } from '#domain/scope.ts';
import type { Access, Change } from '#server/access/access.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import type { Verdict } from '#server/access/rule.ts';
import { SCREEN_TOKEN_PREFIX } from '#server/access/tokens.ts';
import { judgeTopic } from './topic-rules.ts';

/** Sessions that end by themselves are noticed within this. */
const WATCH_MS = 500;
const REFUSED_LINE_MS = 500;
/** And everybody is asked again after this long, should a change have gone unheard. */
const RECHECK_MS = 30_000;
/** Longer ones are no tokens of ours. */
const MAX_TOKEN = 200;

/** Nobody, and who still has something to do before their grants count, get no line. */
export type KnownCaller = Exclude<Caller, { kind: 'nobody' }>;

export interface Visitor {
	readonly socket: Socket;
	caller: KnownCaller;
	/** ms: when it is asked again who this is */
	recheckAt: number;
	/** the question that is under way; joins wait for it */
	recheck: Promise<void> | null;
}

export interface DoorkeeperOptions {
	readonly access: Pick<Access, 'callerOf' | 'clientOf' | 'onChange' | 'places'>;
	readonly audit: Pick<Audit, 'refused'>;
	readonly now: () => number;
	readonly onError: (error: Error) => void;
	/** No longer anybody: `code` says what to do, `why` what ended it (null = nothing was ever shown). */
	readonly onTurnedOut: (visitor: Visitor, code: string, why: string | null) => void;
	/** Still somebody: with other grants, or in a registry in which places may have moved. */
	readonly onChecked: (visitor: Visitor, isChanged: boolean) => void;
}

export class Doorkeeper {
	readonly #options: DoorkeeperOptions;
	readonly #visitors = new Set<Visitor>();
	/** Counts changes: who was asked before one, and let in after it, is asked again. */
	#turn = 0;
	readonly #stopListening: () => void;
	readonly #watch: NodeJS.Timeout;

	constructor(options: DoorkeeperOptions) {
		this.#options = options;
		this.#stopListening = options.access.onChange((change) => this.#changed(change));
		this.#watch = setInterval(() => this.#watchEnds(), WATCH_MS);
		this.#watch.unref();
	}

	/** For `io.use`: nobody gets no line, and is told what to do by the error's `data`. */
	readonly identify = (socket: Socket, next: (error?: Error) => void): void => {
		const { audit, onError } = this.#options;
		const turn = this.#turn;
		this.#callerOf(socket).then(
			(caller) => {
				const problem = problemOf(caller);
				if (problem === null) {
					socket.data = { caller, turn };
					return next();
				}
				const actor = actorOf(caller);
				audit.refused({ actor, action: 'connection.refused', object: 'socket', detail: { code: problem } });
				next(turnedAway(problem));
				// Who is nobody has one question: the answer goes out, and the line with it.
				setTimeout(() => socket.conn.close(), REFUSED_LINE_MS).unref();
			},
			(error: Error) => {
				onError(error);
				// Not a refusal: the client tries again.
				next(turnedAway('starting'));
			}
		);
	};

	/** A line that was let in. */
	admit(socket: Socket): Visitor {
		const now = this.#options.now();
		const { caller, turn } = socket.data as { caller: KnownCaller; turn: number };
		const recheckAt = now + RECHECK_MS;
		const visitor: Visitor = { socket, caller, recheckAt, recheck: null };
		this.#visitors.add(visitor);
		if (turn !== this.#turn) this.#recheck(visitor);
		return visitor;
	}

	forget(visitor: Visitor): void {
		this.#visitors.delete(visitor);
	}

	/** Whether a visitor may follow a topic; a refusal to a question of theirs is audited by `refused`. */
	judge({ caller }: Visitor, scope: Scope): Verdict {
		return judgeTopic(caller, scope, this.#options.access.places);
	}

	refused({ caller }: Visitor, object: string, scope: string | null, code: string): void {
		this.#options.audit.refused({ actor: actorOf(caller), action: 'join.refused', object, scope, detail: { code } });
	}

	/** A page of another address wanted a line. */
	refusedForeign(request: IncomingMessage): void {
		const origin = request.headers.origin?.slice(0, MAX_TOKEN) ?? null;
		this.#refusedNobody(request, { code: 'origin_not_allowed', origin });
	}

	/** A line said too much: it is cut. */
	refusedFlood(request: IncomingMessage): void {
		const visitor = [...this.#visitors].find(({ socket }) => socket.request === request);
		if (visitor) this.refused(visitor, 'socket', null, 'too_many_messages');
		else this.#refusedNobody(request, { code: 'too_many_messages' });
	}

	#refusedNobody(request: IncomingMessage, detail: { readonly [name: string]: string | null }): void {
		const { access, audit } = this.#options;
		const { address } = access.clientOf(request);
		const actor = { kind: 'nobody', id: null, name: null, address } as const;
		audit.refused({ actor, action: 'connection.refused', object: 'socket', detail });
	}

	close(): void {
		this.#stopListening();
		clearInterval(this.#watch);
	}

	#callerOf({ request, handshake }: Socket): Promise<Caller> {
		const { token } = handshake.auth as { token?: unknown };
		// A session stays in its cookie, where no script reads it.
		const isToken = typeof token === 'string' && token.startsWith(SCREEN_TOKEN_PREFIX) && token.length <= MAX_TOKEN;
		return this.#options.access.callerOf(request, isToken ? token : undefined);
	}

	#changed({ kind, id }: Change): void {
		this.#turn++;
		for (const visitor of this.#visitors) {
			const { caller } = visitor;
			if (kind === 'all' || (kind === caller.kind && (id === null || id === caller.id))) this.#recheck(visitor);
		}
	}

	#watchEnds(): void {
		const now = this.#options.now();
		for (const visitor of this.#visitors) {
			const { caller, recheckAt } = visitor;
			const endsAt = caller.kind === 'person' ? Math.min(caller.idleAt, caller.changesAt) : caller.endsAt;
			if (now >= Math.min(endsAt, recheckAt)) this.#recheck(visitor);
		}
	}

	/** One question after the other, so that the newest answer stands. */
	#recheck(visitor: Visitor): void {
		const { now, onError } = this.#options;
		visitor.recheckAt = now() + RECHECK_MS;
		const asked = (visitor.recheck ?? Promise.resolve())
			.then(() => this.#askAgain(visitor))
			.catch((error: Error) => {
				// The database is away: what was true a moment ago stands, and it is asked again soon.
				visitor.recheckAt = now() + 2 * WATCH_MS;
				onError(error);
			});
		visitor.recheck = asked;
		void asked.then(() => {
			if (visitor.recheck === asked) visitor.recheck = null;
		});
	}

	async #askAgain(visitor: Visitor): Promise<void> {
		const { onChecked, onTurnedOut } = this.#options;
		const caller = await this.#callerOf(visitor.socket);
		if (!this.#visitors.has(visitor)) return;
		const problem = problemOf(caller);
		if (problem !== null) return onTurnedOut(visitor, problem, caller.kind === 'nobody' ? caller.lost : null);
		const isSame = isDeepStrictEqual(grantsOf(caller), grantsOf(visitor.caller));
		visitor.caller = caller as KnownCaller;
		onChecked(visitor, !isSame);
	}
}

/** All of a caller that a page shows or asks by; not the times of its session. */
function grantsOf(caller: Caller): object {
	const { kind, grants } = caller;
	return caller.kind === 'screen' ? { kind, grants, name: caller.name, layout: caller.layout } : { kind, grants };
}

/** Why a caller gets no line; null = they do. */
function problemOf(caller: Caller): string | null {
	if (caller.kind === 'nobody') return 'sign_in_needed';
	if (caller.kind === 'screen' || caller.need === null) return null;
	return caller.need === 'new_password' ? 'new_password_needed' : 'second_factor_needed';
}

const turnedAway = (code: string): Error => Object.assign(new Error(code), { data: { code } });
