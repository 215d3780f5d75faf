import type { IncomingHttpHeaders } from 'node:http';
import type { Freshness } from '#domain/freshness.ts';
import type { AreaLevel } from '#domain/site.ts';
import type { Places, Scope } from '#domain/scope.ts';
import type { PersonSession, ScreenSession, Session } from '#lib/shell/session.ts';
import type { SourceView } from '#domain/view.ts';

/** Counts since this start; the newest refusals, without their payloads. */
export interface DataQuality {
	readonly refused: readonly { reason: string; door: string; count: number }[];
	/** `id` of the entry in `ops:rejected`, `at` in ms */
	readonly latest: readonly { id: string; at: number; reason: string; message: string }[];
	/** `recent`: events of up to the last hour and the s over which they were counted; null = not counted yet */
	readonly sources: readonly {
		source: string;
		periodSeconds: number;
		lastSeen: number;
		freshness: Freshness;
		recent: { readonly events: number; readonly seconds: number } | null;
	}[];
}

/** As much of a request as says who asks. */
export interface PageRequest {
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Who asks for a page: the caller of server/access/caller.ts, which the pages cannot import. */
export type PageCaller =
	| { readonly kind: 'nobody' }
	| (Omit<PersonSession, 'home' | 'scopes'> & { readonly address: string })
	| (Pick<ScreenSession, 'kind' | 'id' | 'name' | 'grants' | 'layout'> & { readonly scope: Scope });

/** What the pages may ask of the running server; filled by the server's entry, see hooks.server.ts. */
export interface PageServices {
	/** who asks; throws while the database is away */
	callerOf(request: PageRequest): Promise<PageCaller>;
	readonly places: Places;
	/** a page was refused: for the audit */
	pageRefused(caller: PageCaller, path: string, scope: string | null, code: string): void;
	/** true when the registry knows a station of this code */
	hasStation(code: string): boolean;
	/** null where the registry knows no area of this code */
	areaLevel(code: string): AreaLevel | null;
	/** every source of events with its age, for the oldest-data mark of all pages */
	sources(): readonly SourceView[];
	/** hosts of the map tiles, for the content policy of every page */
	imageOrigins(): Promise<readonly string[]>;
	/** a page broke: for the log, never for the reader */
	failed(error: Error): void;
	/** true while the registry holds no site */
	isEmpty(): boolean;
	/** name of the build that runs */
	readonly build: string;
	/** what was refused and why, and how old each source is */
	quality(): Promise<DataQuality>;
	/** the city is made up: every page says so, pages without live data too */
	readonly isDemo?: boolean;
}

declare global {
	namespace App {
		interface Locals {
			/** null where pages run without the server (a bare `vite dev`) */
			services: PageServices | null;
			/** who looks; null = nobody */
			session: Session;
		}
		interface Platform {
			/** adapter-node: the request as Node had it */
			readonly req?: PageRequest;
		}
		interface Error {
			message: string;
			/** what to do about it */
			advice?: string;
		}
	}
}
