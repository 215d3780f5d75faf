import type { Config } from '#server/config.ts';
import type { Operator } from '#server/control/operator.ts';

/** The command line was not understood: a sentence, exit code 2. */
export class UsageProblem extends Error {}

export interface CommandLine {
	readonly config: Config;
	readonly operator: Operator;
	/** words after the command's own name */
	readonly words: readonly string[];
	readonly options: { readonly [name: string]: string | boolean | undefined };
}

export function textOption({ options }: CommandLine, name: string): string | null {
	const value = options[name];
	return typeof value === 'string' ? value : null;
}

/** A number within bounds, or the fallback when the option is absent. */
export function numberOption(
	line: CommandLine,
	name: string,
	fallback: number,
	bounds: { min: number; max: number }
): number {
	const text = textOption(line, name);
	if (text === null) return fallback;
	const value = Number(text);
	if (text.trim() !== '' && value >= bounds.min && value <= bounds.max) return value;
	throw new UsageProblem(`--${name} ${text}: a number from ${bounds.min} to ${bounds.max} is needed.`);
}

/** Lines for the person at the terminal. */
export function print(text: string): void {
	process.stdout.write(`${text}\n`);
}
