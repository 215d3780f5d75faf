import { print, UsageProblem, type CommandLine } from './usage.ts';

/** `key create NAME` */
export async function runKey({ words, operator }: CommandLine): Promise<number> {
	const [action, name] = words;
	if (action !== 'create' || !name) throw new UsageProblem('Use: key create NAME');
	const { key } = await operator.run('createKey', { name });
	print(`Key of ${name}, shown this once:\n${key}`);
	return 0;
}

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
