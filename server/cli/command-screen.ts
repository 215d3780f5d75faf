import { print, textOption, UsageProblem, type CommandLine } from './usage.ts';

const USAGE =
	'Use: screen create NAME [--scope SCOPE] [--layout overview|map] [--days 365], screen list, or screen revoke ID';

/** `screen create | list | revoke` */
export async function runScreen(line: CommandLine): Promise<number> {
	const [action, word] = line.words;
	if (action === 'list') return list(line);
	if (!word) throw new UsageProblem(USAGE);
	if (action === 'create') return create(line, word);
	if (action !== 'revoke' || !/^\d{1,9}$/.test(word)) throw new UsageProblem(USAGE);
	const { name } = await line.operator.run('revokeScreen', { id: Number(word) });
	print(`${name} is revoked: it shows its pairing code.`);
	return 0;
}

async function create(line: CommandLine, name: string): Promise<number> {
	const days = textOption(line, 'days');
	if (days !== null && !/^\d{1,6}$/.test(days)) throw new UsageProblem(USAGE);
	const made = await line.operator.run('createScreen', {
		name,
		scope: textOption(line, 'scope'),
		layout: textOption(line, 'layout'),
		days: days === null ? null : Number(days)
	});
	print(`Screen ${made.id} (${made.scope}, ${made.layout}), until ${made.expiresAt.slice(0, 10)}.`);
	print(`Its token, shown this once; programs send it as "Authorization: Bearer TOKEN":\n${made.token}`);
	return 0;
}

async function list({ operator }: CommandLine): Promise<number> {
	const screens = await operator.run('listScreens', {});
	if (screens.length === 0) print('There are no screens. Open /wall in the browser of one, and enter its code.');
	for (const { id, name, scope, layout, state, expiresAt, lastSeenAt, lastAddress } of screens) {
		const seen = lastSeenAt === null ? 'never seen' : `seen ${lastSeenAt} from ${lastAddress ?? 'unknown'}`;
		print([id, name, scope, layout, state, `until ${expiresAt.slice(0, 10)}`, seen].join('\t'));
	}
	return 0;
}
