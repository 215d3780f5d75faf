/** `npm run cli -- COMMAND`: what operators and integrators do from a terminal. */
import { parseArgs } from 'node:util';
import { readConfig } from '#server/config.ts';
import { openOperator } from '#server/control/operator.ts';
import { runAudit } from './command-audit.ts';
import { runImport } from './command-import.ts';
import { runKey, runSource } from './command-source.ts';
import { runReplay } from './command-replay.ts';
import { runScreen } from './command-screen.ts';
import { runSimulate } from './command-simulate.ts';
import { runUser } from './command-user.ts';
import { UsageProblem, type CommandLine } from './usage.ts';

const USAGE = `npm run cli -- COMMAND

  import stations FILE [--datum wgs84|cgcs2000|gcj02|bd09] [--dry-run]
      Brings a list of stations (JSON, CSV) into the registry. The same file again changes nothing.
  key create NAME [--types T,…] [--source S,…] [--scope city|district:CODE|street:CODE|station:CODE]
      Makes a key for a source of events, and the source when it is new. The key is shown once.
  key grant NAME [--types T,…] [--source S,…] [--scope SCOPE]
      Says what the keys of a source may write; what is not said is everything.
  key list
      Shows sources, what they may write, and when and from where their keys were last used.
  key rotate NAME [--hours 24]
      Makes a new key; the old ones go on working for so many hours.
  key revoke NAME|HINT
      Ends all keys of a source, or the one key with these last characters, at once.
  source period SOURCE SECONDS
      Says how often a CloudEvents source is expected to speak.
  simulate [--rate R] [--seed S] [--stations N] [--seconds T] [--url U] [--key K]
      Sends a believable day through POST /api/events.
  replay FILE [--adapter oslo] [--seconds T] [--order file|shuffled] [--duplicates SHARE] [--seed S] [--register] [--url U] [--key K]
      Sends a file of recorded changes through POST /api/events.
  screen create NAME [--scope city|district:CODE|street:CODE] [--layout overview|map] [--days 365]
      Makes a wall screen with a token for programs. The token is shown once.
  screen list
      Shows screens, what they may see, and when and from where they were last seen.
  screen revoke ID
      Ends a screen at once: it returns to its pairing code.
  user create NAME --role ROLE [--display NAME] [--scope SCOPE] [--lines a,b]
      Makes an account with one grant and prints a link, which sets its password.
  user link NAME [--reset-second-factor]
      Prints a new link for who lost the password, and takes away a lost second factor.
  user list
      Shows everybody, their roles and when they last signed in.
  user disable NAME
      Ends an account and its sessions at once.
  audit verify [--expect SEQ:HASH]
      Checks the chain of the audit; --expect takes a head that was written down earlier. Ends with 1 when it does not hold.
  audit export FILE [--from DAY] [--to DAY]
      Writes the audit to a new file (.csv, .jsonl).

The environment says where: DATA_DIR, REDIS_URL, DATABASE_URL, PORT, as for npm start.`;

const OPTIONS = {
	datum: { type: 'string' },
	'dry-run': { type: 'boolean' },
	rate: { type: 'string' },
	seed: { type: 'string' },
	stations: { type: 'string' },
	seconds: { type: 'string' },
	url: { type: 'string' },
	key: { type: 'string' },
	adapter: { type: 'string' },
	order: { type: 'string' },
	duplicates: { type: 'string' },
	register: { type: 'boolean' },
	types: { type: 'string' },
	source: { type: 'string' },
	scope: { type: 'string' },
	hours: { type: 'string' },
	layout: { type: 'string' },
	days: { type: 'string' },
	role: { type: 'string' },
	display: { type: 'string' },
	lines: { type: 'string' },
	'reset-second-factor': { type: 'boolean' },
	expect: { type: 'string' },
	from: { type: 'string' },
	to: { type: 'string' },
	help: { type: 'boolean' }
} as const;

type Command = (line: CommandLine) => Promise<number>;

const COMMANDS: Record<string, Command> = {
	audit: runAudit,
	import: runImport,
	key: runKey,
	screen: runScreen,
	source: runSource,
	simulate: runSimulate,
	replay: runReplay,
	user: runUser
};

async function main(args: string[]): Promise<number> {
	// It may be the one that makes the data folder: for this user alone.
	process.umask(0o077);
	const read = readConfig(process.env);
	if (!read.ok) throw new UsageProblem(read.problems.join('\n'));
	const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
	const command = COMMANDS[positionals[0] ?? ''];
	if (!command || values.help) {
		process.stdout.write(`${USAGE}\n`);
		return command || values.help ? 0 : 2;
	}
	const operator = await openOperator(read.config);
	try {
		return await command({ config: read.config, operator, words: positionals.slice(1), options: values });
	} finally {
		await operator.close();
	}
}

main(process.argv.slice(2)).then(
	(code) => {
		process.exitCode = code;
	},
	(error: Error) => {
		process.stderr.write(`${error.message}\n`);
		if (!(error instanceof UsageProblem)) process.exitCode = 1;
		else process.exitCode = 2;
	}
);
