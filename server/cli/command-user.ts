import type { LinkOutput } from '#server/accounts/commands.ts';
import { print, textOption, UsageProblem, type CommandLine } from './usage.ts';

const USAGE =
	'Use: user create NAME --role ROLE [--display NAME] [--scope SCOPE] [--lines a,b], user link NAME [--reset-second-factor], user list, or user disable NAME';

/** `user create | link | list | disable` */
export async function runUser(line: CommandLine): Promise<number> {
	const [action, userName] = line.words;
	if (action === 'list') return list(line);
	if (!userName) throw new UsageProblem(USAGE);
	if (action === 'create') return create(line, userName);
	if (action === 'link') {
		const resetSecondFactor = line.options['reset-second-factor'] === true;
		return printLink(line, await line.operator.run('linkUser', { userName, resetSecondFactor }));
	}
	if (action !== 'disable') throw new UsageProblem(USAGE);
	const { sessionsEnded } = await line.operator.run('disableUser', { userName });
	print(`${userName} is disabled; ${sessionsEnded} sessions ended.`);
	return 0;
}

async function create(line: CommandLine, userName: string): Promise<number> {
	const role = textOption(line, 'role');
	if (role === null) throw new UsageProblem(USAGE);
	const made = await line.operator.run('createUser', {
		userName,
		displayName: textOption(line, 'display'),
		role,
		scope: textOption(line, 'scope') ?? 'city',
		lines: textOption(line, 'lines')?.split(',') ?? null
	});
	return printLink(line, made);
}

function printLink({ config }: CommandLine, { userName, path, expiresAt }: LinkOutput): number {
	const address = config.origin ?? `http://${config.host}:${config.port}`;
	print(`Link of ${userName}, shown this once; it works once, until ${expiresAt}:\n${address}${path}`);
	return 0;
}

async function list({ operator }: CommandLine): Promise<number> {
	const people = await operator.run('listUsers', {});
	for (const { userName, displayName, state, roles, hasSecondFactor, lastSignInAt, isSample } of people) {
		const marks = [state, ...(isSample ? ['sample'] : []), ...(hasSecondFactor ? ['second factor'] : [])].join(', ');
		print(`${userName}\t${displayName}\t${marks}\t${roles.join(' ') || '–'}\t${lastSignInAt ?? 'never signed in'}`);
	}
	if (people.length === 0) print('There is nobody yet.');
	return 0;
}
