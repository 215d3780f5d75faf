/** What the pages may ask of the running server; filled by the server's entry, see hooks.server.ts. */
export interface PageServices {
	/** true when the registry knows a station of this code */
	hasStation(code: string): boolean;
	/** name of the build that runs */
	readonly build: string;
	/** the city is made up: every page says so, pages without live data too */
	readonly isDemo?: boolean;
}

declare global {
	namespace App {
		interface Locals {
			/** null where pages run without the server (a bare `vite dev`) */
			services: PageServices | null;
		}
		interface Error {
			message: string;
			/** what to do about it */
			advice?: string;
		}
	}
}
