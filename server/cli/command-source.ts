import type { GrantsInput } from '#server/sources/commands.ts';
import { DEFAULT_HOURS, MAX_HOURS } from '#server/sources/source-form.ts';
import type { KeyRecord, SourceGrants } from '#server/store/source-store.ts';
import { numberOption, print, textOption, UsageProblem, type CommandLine } from './usage.ts';

const KEY_USE = `Use: key create NAME [--types T,…] [--source S,…] [--scope SCOPE]
     key grant NAME [--types T,…] [--source S,…] [--scope SCOPE]
     key list
     key rotate NAME [--hours ${DEFAULT_HOURS}]
     key revoke NAME|HINT`;

/** `key create|grant|list|rotate|revoke` */
export async function runKey(line: CommandLine): Promise<number> {
	const [action = '', name] = line.words;
	if (action === 'list') return listKeys(line);
	const command = Object.hasOwn(KEY_COMMANDS, action) ? KEY_COMMANDS[action] : undefined;
	if (!command || !name) throw new UsageProblem(KEY_USE);
	return command(line, name);
}

const KEY_COMMANDS: Readonly<Record<string, (line: CommandLine, name: string) => Promise<number>>> = {
	create: createKey,
	grant,
	rotate: rotateKey,
	revoke: revokeKey
};

/** The key stands on the last line, so that a script takes it with `tail -n 1`. */
async function createKey(line: CommandLine, name: string): Promise<number> {
	const { key, grants } = await line.operator.run('createKey', { name, grants: grantsOption(line) });
	print(`${name} may write ${grantsText(grants)}.`);
	if (isEverything(grants)) {
		print(`Narrow it with: key grant ${name} --types station.heartbeat,env.read --scope district:CODE`);
	}
	print(`Key of ${name}, shown this once:\n${key}`);
	return 0;
}

async function grant(line: CommandLine, name: string): Promise<number> {
	const asked = grantsOption(line) ?? { types: null, sources: null, scope: null };
	const { grants } = await line.operator.run('grantSource', { name, grants: asked });
	print(`${name} may write ${grantsText(grants)}.`);
	return 0;
}

async function rotateKey(line: CommandLine, name: string): Promise<number> {
	const hours = numberOption(line, 'hours', DEFAULT_HOURS, { min: 0, max: MAX_HOURS });
	const { key, ending, endsAt } = await line.operator.run('rotateKey', { name, hours });
	print(`${ending} older ${ending === 1 ? 'key goes' : 'keys go'} on working until ${new Date(endsAt).toISOString()}.`);
	print(`New key of ${name}, shown this once:\n${key}`);
	return 0;
}

async function revokeKey({ operator }: CommandLine, which: string): Promise<number> {
	const { name, hints } = await operator.run('revokeKey', { which });
	print(
		`Revoked: ${hints.map(hintText).join(', ')} of ${name}. Nothing is taken with ${hints.length === 1 ? 'it' : 'them'} any more.`
	);
	return 0;
}

async function listKeys({ operator }: CommandLine): Promise<number> {
	const { now, sources } = await operator.run('listKeys', {});
	if (sources.length === 0) print('There is no source yet. Make one with: key create NAME');
	for (const source of sources) {
		print(`${source.name}: ${grantsText(source)}`);
		for (const key of source.keys) print(`  ${hintText(key.hint)}  ${keyText(key, now)}`);
	}
	return 0;
}

function keyText({ createdAt, expiresAt, revokedAt, lastUsedAt, lastAddress }: KeyRecord, now: number): string {
	const used = lastUsedAt === null ? 'never used' : `last used ${moment(lastUsedAt)} from ${lastAddress ?? 'unknown'}`;
	const end =
		revokedAt !== null
			? `revoked ${moment(revokedAt)}`
			: expiresAt === null
				? 'works'
				: `${expiresAt > now ? 'works until' : 'ended'} ${moment(expiresAt)}`;
	return `made ${moment(createdAt)}, ${used}, ${end}`;
}

/** To the minute, UTC. */
const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
const hintText = (hint: string | null): string => (hint === null ? '…????' : `…${hint}`);

const isEverything = ({ types, sources, scope }: SourceGrants): boolean =>
	types === null && sources === null && scope === 'city';

function grantsText(grants: SourceGrants): string {
	if (isEverything(grants)) return 'every type of event for every station of the city, under any `source`';
	const { types, sources, scope } = grants;
	const what = types === null ? 'every type of event' : types.join(', ');
	const where = scope === 'city' ? 'the city' : scope;
	return `${what} for ${where}, under ${sources === null ? 'any `source`' : `the source ${sources.join(', ')}`}`;
}

/** null when none of the three was given. */
function grantsOption(line: CommandLine): GrantsInput | null {
	const [types, sources, scope] = [listOption(line, 'types'), listOption(line, 'source'), textOption(line, 'scope')];
	return types || sources || scope !== null ? { types, sources, scope } : null;
}

const listOption = (line: CommandLine, name: string): readonly string[] | null =>
	textOption(line, name)
		?.split(',')
		.map((one) => one.trim()) ?? null;

const DAY_SECONDS = 86_400;

/** `source period SOURCE SECONDS` */
export async function runSource({ words, operator }: CommandLine): Promise<number> {
	const [action, source, text] = words;
	const seconds = Number(text);
	if (action !== 'period' || !source || !Number.isInteger(seconds) || seconds < 1 || seconds > 31 * DAY_SECONDS) {
		throw new UsageProblem('Use: source period SOURCE SECONDS (1 second to 31 days)');
	}
	await operator.run('setSourcePeriod', { source, seconds });
	print(`${source} is expected to speak every ${seconds} s.`);
	return 0;
}
