/** What an operator may do with screens from the command line. Recorded as it is at the doors [SC12]. */
import { OPERATOR } from '#server/access/caller.ts';
import { hashOf, newToken, SCREEN_TOKEN_PREFIX } from '#server/access/tokens.ts';
import { draftOf } from '#server/audit/draft.ts';
import { appendAudit } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import { loadAreas } from '#server/store/registry-store.ts';
import { createScreen, listScreens, revokeScreen, screenById } from '#server/store/screen-store.ts';
import { stateOf } from './admin-doors.ts';
import { DAY_MS, MAX_DAYS, readScreenForm } from './screen-form.ts';

interface Context {
	readonly db: Database;
	/** Tells running servers that a screen changed; without it they notice within 5 s. */
	readonly onScreenChanged?: (id: string) => Promise<void>;
}

/** What is not said is the whole city, the overview, a year. */
export interface ScreenInput {
	readonly name: string;
	readonly scope: string | null;
	readonly layout: string | null;
	readonly days: number | null;
}

const OPERATOR_ID = 'operator';

const SAYS = {
	name: 'a name of up to 80 characters',
	scope: '--scope city, district:CODE or street:CODE of the registry',
	layout: '--layout overview or map',
	days: `--days 1 to ${MAX_DAYS}`,
	addresses: 'addresses',
	code: 'a code'
};

export const SCREEN_COMMANDS = {
	/** A token for a program or for a browser that cannot be paired; it can be read here and never again. */
	async createScreen({ db }: Context, input: ScreenInput) {
		const areas = await loadAreas(db);
		const levelOf = (code: string) => areas.find((area) => area.code === code)?.level ?? null;
		const said = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
		const reading = readScreenForm(said, levelOf, false);
		if (!reading.ok) {
			const wrong = (Object.keys(reading.fields) as (keyof typeof SAYS)[]).map((field) => SAYS[field]);
			throw new Error(`Use ${wrong.join('; ')}.`);
		}
		const { name, scopeText: scope, layout, days } = reading.form;
		const token = newToken(SCREEN_TOKEN_PREFIX);
		const at = Date.now();
		const expiresAt = at + (days ?? 0) * DAY_MS;
		const screen = { name, scope, layout, addresses: [], pairedBy: OPERATOR_ID, at, expiresAt };
		const id = await createScreen(db, { ...screen, tokenHash: hashOf(token) });
		await note(db, 'screen.paired', { id, scope }, { name, layout, expiresAt: new Date(expiresAt).toISOString() });
		return { id, token, scope, layout, expiresAt: new Date(expiresAt).toISOString() };
	},
	async listScreens({ db }: Context, _: object) {
		const now = Date.now();
		return (await listScreens(db)).map((screen) => {
			const { id, name, scope, layout, lastSeenAt, lastAddress, expiresAt } = screen;
			const seen = lastSeenAt === null ? null : new Date(lastSeenAt).toISOString();
			const row = { id, name, scope, layout, lastSeenAt: seen, lastAddress };
			return { ...row, expiresAt: new Date(expiresAt).toISOString(), state: stateOf(screen, now) };
		});
	},
	async revokeScreen({ db, onScreenChanged }: Context, { id }: { id: number }) {
		const screen = await screenById(db, id);
		if (screen === null || !(await revokeScreen(db, id, OPERATOR_ID, Date.now()))) {
			throw new Error(`There is no screen ${id} that could be revoked. \`screen list\` shows them all.`);
		}
		await onScreenChanged?.(String(id));
		await note(db, 'screen.revoked', screen, { name: screen.name });
		return { id, name: screen.name };
	}
};

async function note(
	db: Database,
	action: string,
	{ id, scope }: { id: number; scope: string },
	detail: Record<string, unknown>
): Promise<void> {
	const entry = { actor: OPERATOR, action, object: `screen:${id}`, scope, result: 'ok', detail } as const;
	await appendAudit(db, [draftOf(entry, Date.now())]);
}
