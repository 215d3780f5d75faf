/**
 * What a password must be. One list of rules for the server, which decides, and for the page, which says it while somebody
 * types. Source: the federation's defaults for classified protection (GB/T 22239), docs/SPEC.md [PP].
 */
import { COMMON_PASSWORDS } from './password-common.ts';

export const PASSWORD_PROBLEMS = [
	'too_short',
	'too_plain',
	'too_long',
	'has_user_name',
	'too_common',
	'used_before'
] as const;
export type PasswordProblem = (typeof PASSWORD_PROBLEMS)[number];

/** Characters from which one class is enough. */
export const LONG_ENOUGH = 12;
/** Characters from which a password of all four classes is taken. */
export const SHORTEST = 10;
/** Longer ones only cost time to hash. */
export const LONGEST = 128;
/** A new password is none of so many before it, the present one included. */
export const PASSWORD_HISTORY = 5;

/**
 * Everything that is wrong with a password, worst first; empty = it is taken. `used_before` is not among them: only
 * the server can know it. Length counts characters, not bytes.
 */
export function passwordProblems(password: string, userName: string): PasswordProblem[] {
	const problems: PasswordProblem[] = [];
	const { length } = [...password];
	if (length < SHORTEST) problems.push('too_short');
	else if (length < LONG_ENOUGH && classesOf(password) < 4) problems.push('too_plain');
	if (length > LONGEST) problems.push('too_long');
	if (holdsName(password, userName)) problems.push('has_user_name');
	if (isCommon(password)) problems.push('too_common');
	return problems;
}

/** How many of lower case, upper case, digits and everything else (signs, other scripts) are in it: 0 to 4. */
export function classesOf(password: string): number {
	const classes = [/[a-z]/u, /[A-Z]/u, /[0-9]/u, /[^a-zA-Z0-9]/u];
	return classes.filter((pattern) => pattern.test(password)).length;
}

/** A name of one character is in almost everything, so it does not count. */
function holdsName(password: string, userName: string): boolean {
	const name = userName.trim().toLowerCase();
	return name.length > 1 && password.toLowerCase().includes(name);
}

/** In the list as it is, or with a few digits and signs around it, or with the usual signs for letters, or hardly any variety. */
function isCommon(password: string): boolean {
	const lower = password.toLowerCase();
	if (new Set(lower).size < 4) return true;
	const plain = lower.replace(/[@013457$]/gu, (sign) => LETTER_OF[sign] ?? sign);
	const bare = (text: string): string => text.replace(/^[^a-z]+|[^a-z]+$/gu, '');
	if ([lower, plain, bare(lower), bare(plain)].some((text) => COMMON_PASSWORDS.has(text))) return true;
	return isRun(lower) || isRepeated(lower);
}

const LETTER_OF: Readonly<Record<string, string>> = {
	'@': 'a',
	'0': 'o',
	'1': 'i',
	'3': 'e',
	'4': 'a',
	'5': 's',
	'7': 't',
	$: 's'
};

/** Keys in a row, forwards or backwards, over its whole length: 123456789012, abcdefghijkl, qwertyuiop… */
function isRun(text: string): boolean {
	const rows = [
		'01234567890123456789',
		'abcdefghijklmnopqrstuvwxyz',
		'qwertyuiopasdfghjklzxcvbnm',
		'1qaz2wsx3edc4rfv5tgb6yhn7ujm'
	];
	return rows.some((row) => row.includes(text) || [...row].reverse().join('').includes(text));
}

/** The same few characters again and again: abc123abc123. */
function isRepeated(text: string): boolean {
	return /^(.{1,6})\1+$/u.test(text);
}
