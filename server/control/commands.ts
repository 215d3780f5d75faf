/**
 * What an operator may ask: each command is one function of the database, run in the server when it owns the
 * database, else in the command line itself. Input and output are plain JSON.
 */
import type { Datum } from '#domain/site.ts';
import { ACCOUNT_COMMANDS } from '#server/accounts/commands.ts';
import { AUDIT_COMMANDS } from '#server/audit/commands.ts';
import type { SimSite } from '#server/demo/sim-site.ts';
import { loadSites } from '#server/store/registry-store.ts';
import { importStations } from '#server/cli/import-stations.ts';
import { SCREEN_COMMANDS } from '#server/screens/commands.ts';
import type { Database } from '#server/store/query.ts';
import { SOURCE_COMMANDS } from '#server/sources/commands.ts';
import { setSourcePeriod } from '#server/store/source-store.ts';

export interface CommandContext {
	readonly db: Database;
	/** Called after a command that changed the registry. */
	readonly onRegistryChanged: () => Promise<void>;
	/** Called after a command that changed a source or its keys; absent where no server runs. */
	readonly onSourceChanged?: (name: string) => Promise<void>;
	/** Called after a command that changed an account; absent where no server runs. */
	readonly onPersonChanged?: (id: string) => Promise<void>;
	/** Called after a command that changed a screen; absent where no server runs. */
	readonly onScreenChanged?: (id: string) => Promise<void>;
}

export interface ImportInput {
	readonly fileName: string;
	readonly base64: string;
	readonly datum: Datum;
	readonly dryRun: boolean;
}

export const COMMANDS = {
	async importStations({ db, onRegistryChanged }: CommandContext, input: ImportInput) {
		const bytes = new Uint8Array(Buffer.from(input.base64, 'base64'));
		const { fileName, datum, dryRun } = input;
		const report = await importStations({ db, fileName, bytes, datum, dryRun });
		if (report.importId !== null) await onRegistryChanged();
		return report;
	},
	/** The stations that a simulation makes events for. */
	async listStations({ db }: CommandContext, _: object): Promise<SimSite[]> {
		const sites = await loadSites(db);
		return sites
			.filter(({ kind }) => kind === 'service_station')
			.map(({ code, telemetry, district, street, hours, hoursExceptions }) => ({
				...{ code, telemetry, district, street, hours, hoursExceptions }
			}));
	},
	async setSourcePeriod({ db }: CommandContext, { source, seconds }: { source: string; seconds: number }) {
		await setSourcePeriod(db, source, seconds);
		return { source, seconds };
	},
	...SCREEN_COMMANDS,
	...SOURCE_COMMANDS,
	...AUDIT_COMMANDS,
	...ACCOUNT_COMMANDS
};

export type CommandName = keyof typeof COMMANDS;
export type CommandInput<N extends CommandName> = Parameters<(typeof COMMANDS)[N]>[1];
export type CommandOutput<N extends CommandName> = Awaited<ReturnType<(typeof COMMANDS)[N]>>;
