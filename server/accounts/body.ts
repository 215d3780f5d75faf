/** What a form sent, read field by field; what does not fit is named. */
import type { IncomingMessage } from 'node:http';
import { readBody } from '#server/http/body.ts';
import { AccountProblem, badField } from './problem.ts';
import type { FieldCode } from './shapes.ts';

const MAX_BODY = 16 * 1024;
/** Longer texts fit no field of ours. */
const MAX_TEXT = 2000;

/** No NUL and no half of a pair: what neither UTF-8 nor the database can hold. */
export const isPlainText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

export class Form {
	readonly #values: Readonly<Record<string, unknown>>;
	readonly #path: string;
	readonly #wrong: Record<string, FieldCode>;

	constructor(values: Readonly<Record<string, unknown>>, path = '', wrong: Record<string, FieldCode> = {}) {
		this.#values = values;
		this.#path = path;
		this.#wrong = wrong;
	}

	/** A form within the form; its problems are named `outer.inner`. */
	within(field: string): Form {
		const inner = this.#values[field];
		const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
		return new Form(isObject ? (inner as Record<string, unknown>) : {}, `${this.#path}${field}.`, this.#wrong);
	}

	has(field: string): boolean {
		return this.#values[field] !== undefined;
	}

	value(field: string): unknown {
		return this.#values[field];
	}

	/** Says what is wrong beside a field; the first word stands. */
	refuse(field: string, code: FieldCode): void {
		this.#wrong[`${this.#path}${field}`] ??= code;
	}

	/** As typed, blanks included: passwords, codes, tokens. */
	secret(field: string): string {
		const value = this.#values[field];
		if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && isPlainText(value)) return value;
		this.refuse(field, value === undefined || value === '' ? 'missing' : 'bad_form');
		return '';
	}

	text(field: string): string {
		return this.secret(field).normalize('NFC').trim();
	}

	/** undefined = not sent; null or nothing but blanks = none */
	optionalText(field: string): string | null | undefined {
		const value = this.#values[field];
		if (value === undefined) return undefined;
		if (value === null || (typeof value === 'string' && value.trim() === '')) return null;
		return this.text(field);
	}

	/** 2 to 32 of a-z, 0-9, dot, hyphen, underscore, and something to say; capitals are made small. */
	userName(field: string): string {
		const name = this.text(field).toLowerCase();
		if (name !== '' && !/^(?=.*[a-z0-9])[a-z0-9._-]{2,32}$/.test(name)) this.refuse(field, 'bad_form');
		return name;
	}

	displayName(field: string): string {
		const name = this.text(field);
		const isGood = name !== '' && [...name].length <= 60 && !/\p{Cc}|\p{Cf}/u.test(name);
		if (!isGood) this.refuse(field, name === '' ? 'missing' : 'bad_form');
		return name;
	}

	/** A moment after now, in ms; undefined = not sent, null = none. */
	future(field: string, now: number): number | null | undefined {
		const text = this.optionalText(field);
		if (text === undefined || text === null) return text;
		const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
		if (Number.isNaN(at)) this.refuse(field, 'bad_form');
		else if (at <= now) this.refuse(field, 'in_the_past');
		return at;
	}

	get isGood(): boolean {
		return Object.keys(this.#wrong).length === 0;
	}

	/** Throws when anything was wrong up to here. */
	check(): void {
		if (!this.isGood) throw new AccountProblem('bad_request', { fields: { ...this.#wrong } });
	}
}

/** Throws `AccountProblem` 400 for what is no JSON object of at most 16 KiB. */
export async function readForm(request: IncomingMessage): Promise<Form> {
	const text = await readBody(request, MAX_BODY);
	const value = text === null ? undefined : parsed(text);
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AccountProblem('bad_request');
	return new Form(value as Record<string, unknown>);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

/** The one text of a small form. */
export async function readText(request: IncomingMessage, field: string): Promise<string> {
	const form = await readForm(request);
	const text = form.text(field);
	form.check();
	return text;
}

export function numberOf(form: Form, field: string): number {
	const value = form.value(field);
	if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) return value;
	throw badField(field, value === undefined ? 'missing' : 'bad_form');
}

/** A path of this site to go to; anything that a browser could read as another place is `/`. */
export function localPath(value: unknown): string {
	if (typeof value !== 'string' || value.length > 500 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value)) return '/';
	const url = URL.parse(value, 'http://localhost');
	return url?.origin === 'http://localhost' && !url.pathname.startsWith('//')
		? url.pathname + url.search + url.hash
		: '/';
}
