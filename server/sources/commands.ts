/** What an operator may do with sources and their keys from the command line. Recorded as it is at the doors [SO7]. */
import { OPERATOR } from '#server/access/caller.ts';
import { draftOf } from '#server/audit/draft.ts';
import { appendAudit } from '#server/store/audit-store.ts';
import type { Database } from '#server/store/query.ts';
import {
	changeSource,
	createSourceKey,
	findSource,
	hasPlace,
	listSources,
	makeSource,
	revokeKeys,
	rotateSourceKey,
	type SourceGrants
} from '#server/store/source-store.ts';
import { readGrants, readSource, type FieldProblems } from './source-form.ts';

interface Context {
	readonly db: Database;
	/** Tells running doors that an account or a key changed; without it they notice within 5 s. */
	readonly onSourceChanged?: (name: string) => Promise<void>;
}

/** Lists as typed; null = not said. */
export interface GrantsInput {
	readonly types: readonly string[] | null;
	readonly sources: readonly string[] | null;
	readonly scope: string | null;
}

const NO_SUCH = (name: string): Error => new Error(`There is no source "${name}". \`key list\` shows them all.`);

export const SOURCE_COMMANDS = {
	/** A key for a source, which is made when it is new. `grants` null = as they are, or everything. */
	async createKey({ db }: Context, { name, grants = null }: { name: string; grants?: GrantsInput | null }) {
		const known = await findSource(db, name);
		if (known && grants !== null) {
			throw new Error(
				`"${name}" exists. Say what its keys may write with \`key grant\`, then make a key without options.`
			);
		}
		if (known) {
			const key = await createSourceKey(db, name);
			await note(db, 'source.key_created', name, { hint: key.slice(-4) });
			return { key, grants: grantsOf(known) };
		}
		const read = await checked(db, readSource({ name, ...(grants && asInput(grants)) }));
		const key = await makeSource(db, read, OPERATOR_ID);
		if (key === null) throw new Error(`"${name}" was made by somebody else at this moment. Look at \`key list\`.`);
		await note(db, 'source.created', read.name, { ...grantsOf(read), hint: key.slice(-4) });
		return { key, grants: grantsOf(read) };
	},
	/** Sets what the keys of a source may write from now on; what is not said is everything. */
	async grantSource({ db, onSourceChanged }: Context, { name, grants }: { name: string; grants: GrantsInput }) {
		const known = await findSource(db, name);
		if (!known) throw NO_SUCH(name);
		const after = await checked(db, readGrants(asInput(grants)));
		await changeSource(db, name, after, OPERATOR_ID);
		await onSourceChanged?.(name);
		await note(db, 'source.changed', name, { before: grantsOf(known), after });
		return { grants: after };
	},
	async listKeys({ db }: Context, _: object) {
		return { now: Date.now(), sources: await listSources(db) };
	},
	async rotateKey({ db, onSourceChanged }: Context, { name, hours }: { name: string; hours: number }) {
		const endsAt = Date.now() + hours * 3_600_000;
		const rotated = await rotateSourceKey(db, name, new Date(endsAt), OPERATOR_ID);
		if (!rotated) throw NO_SUCH(name);
		await onSourceChanged?.(name);
		const { key, ending } = rotated;
		const detail = { hint: key.slice(-4), ending, endsAt: new Date(endsAt).toISOString() };
		await note(db, 'source.key_rotated', name, detail);
		return { key, ending, endsAt };
	},
	/** `which`: the name of a source (all its keys), or the last characters of one key. */
	async revokeKey({ db, onSourceChanged }: Context, { which }: { which: string }) {
		const found = await keysMeant(db, which);
		const revoked = await revokeKeys(db, found, new Date());
		if (revoked.length === 0) throw new Error(`No key of "${found.name}" works any more: there is nothing to revoke.`);
		await onSourceChanged?.(found.name);
		await note(db, 'source.key_revoked', found.name, { hints: revoked.map(({ hint }) => hint) });
		return { name: found.name, hints: revoked.map(({ hint }) => hint) };
	}
};

const OPERATOR_ID = 'operator';

const grantsOf = ({ sources, types, scope }: SourceGrants): SourceGrants => ({ sources, types, scope });

/** What was not said is left out, so that it is read as everything. */
const asInput = ({ types, sources, scope }: GrantsInput) => ({
	...(types && { types }),
	...(sources && { sources }),
	...(scope !== null && { scope })
});

async function checked<T extends SourceGrants>(
	db: Database,
	reading: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fields: FieldProblems }
): Promise<T> {
	if (!reading.ok) {
		const [[field, code] = ['', '']] = Object.entries(reading.fields);
		throw new Error(`${field}: ${code.replaceAll('_', ' ')}. ${HINTS[field] ?? ''}`);
	}
	const { scope } = reading.value;
	if (!(await hasPlace(db, scope))) throw new Error(`The registry knows no ${scope}. Use the code of the registry.`);
	return reading.value;
}

const HINTS: Readonly<Record<string, string>> = {
	name: 'Use 1 to 64 characters.',
	types: 'Use event types with commas between, such as station.heartbeat,env.read.',
	sources: 'Use up to 50 values of the CloudEvents attribute `source`, with commas between.',
	scope: 'Use city, district:CODE, street:CODE or station:CODE.'
};

async function keysMeant(db: Database, which: string): Promise<{ name: string; id?: number }> {
	const sources = await listSources(db);
	if (sources.some(({ name }) => name === which)) return { name: which };
	const now = Date.now();
	const keys = sources.flatMap(({ name, keys: all }) =>
		all
			.filter(({ hint, revokedAt, expiresAt }) => hint === which && revokedAt === null && (expiresAt ?? Infinity) > now)
			.map(({ id }) => ({ name, id }))
	);
	const [key, second] = keys;
	if (!key)
		throw new Error(`No source has the name "${which}", and no working key ends with it. Look at \`key list\`.`);
	if (second) throw new Error(`${keys.length} keys end with "${which}". Revoke by the name of the source.`);
	return key;
}

async function note(db: Database, action: string, name: string, detail: object): Promise<void> {
	const entry = { actor: OPERATOR, action, object: `source:${name}`, scope: 'city', result: 'ok' as const };
	await appendAudit(db, [draftOf({ ...entry, detail: { ...detail } }, Date.now())]);
}
