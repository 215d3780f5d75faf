/** The tiny vocabulary of things that cannot be: a bug throws, with a sentence. */

/** The value, which the caller knows to be there. Throws `message` when it is not. */
export function must<T>(value: T | null | undefined, message: string): T {
	if (value === null || value === undefined) throw new Error(message);
	return value;
}

/** For the branch that no value can reach: the compiler proves it, and a wrong cast is caught at run time. */
export function unreachable(value: never, message = 'unexpected value'): never {
	throw new Error(`${message}: ${String(value)}`);
}
