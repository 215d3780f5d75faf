import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { proxyProblem } from './access/client-address.ts';
import { readOidc, type OidcConfig } from './config-oidc.ts';
import { socketPathProblem } from './embedded/redis-socket.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * `auto`: the demo city when the registry is empty and both defaults are embedded. `on`: always. `registry`: the demo
 * city without its simulated events. `off`: never.
 */
export type DemoMode = 'auto' | 'on' | 'registry' | 'off';

export type Config = {
	/** 0 takes a free port. */
	port: number;
	host: string;
	/** Absolute. */
	dataDir: string;
	/** Null: the embedded Redis in `dataDir`. */
	redisUrl: string | null;
	/** Null: the embedded PGlite in `dataDir`. */
	databaseUrl: string | null;
	demo: DemoMode;
	/** The address that browsers use, without a path, when it differs from what the server sees; else null. */
	origin: string | null;
	/** Addresses and CIDR ranges of the proxies whose `X-Forwarded-*` headers are believed; empty: nobody's. */
	trustedProxies: readonly string[];
	/** How many event streams there are: 1 to 64. */
	shards: number;
	logLevel: LogLevel;
	/** Minutes after which a desk that nobody touches is signed out. */
	idleMinutes: number;
	/** The same for the seat of a duty officer or chief. */
	dutyIdleMinutes: number;
	/** Hours after which a session ends, however busy. */
	sessionHours: number;
	/** Days after which a password has to be changed; 0 = never. */
	passwordMaxDays: number;
	/** The federation's own sign-in; null: people sign in here only. */
	oidc: OidcConfig | null;
	/** Events a second that one source account may send over HTTP, and as many again within ten seconds. */
	ingestEventsPerSecond: number;
	/** `npm run dev`: Vite serves the pages from their sources. */
	isDev: boolean;
};

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

/** What a reader of one variable answers: the value, or what is wrong with the text. */
type Reading<T> = { value: T } | { problem: string };

const MAX_SHARDS = 64;
/** As `server/ingest/cloudevents.ts` has it: a limit below it would refuse a full batch for ever. */
const MAX_BATCH = 1000;

/**
 * Reads the public environment (PORT, HOST, DATA_DIR, REDIS_URL, DATABASE_URL, DEMO, ORIGIN, TRUSTED_PROXIES, SHARDS,
 * LOG_LEVEL, and those of sessions and OIDC) and YIZHAN_DEV. An empty variable counts as unset. Never throws: every bad value gets one sentence in `problems`.
 */
export function readConfig(env: Record<string, string | undefined>): ConfigResult {
	const problems: string[] = [];
	const read = <T>(name: string, fallback: T, reader: (text: string) => Reading<T>): T => {
		const text = env[name]?.trim();
		if (text === undefined || text === '') return fallback;
		const reading = reader(text);
		if ('value' in reading) return reading.value;
		problems.push(`${name}=${shown(name, text)}: ${reading.problem}`);
		return fallback;
	};
	const config: Config = {
		port: read('PORT', 3000, integer(0, 65_535)),
		host: read('HOST', '127.0.0.1', hostName),
		dataDir: resolve(read('DATA_DIR', '.data', (text) => ({ value: text }))),
		redisUrl: read<string | null>('REDIS_URL', null, urlWith(['redis', 'rediss'])),
		databaseUrl: read<string | null>('DATABASE_URL', null, urlWith(['postgres', 'postgresql'])),
		demo: read('DEMO', 'auto', oneOf<DemoMode>({ '1': 'on', registry: 'registry', '0': 'off' })),
		origin: read<string | null>('ORIGIN', null, origin),
		trustedProxies: read<readonly string[]>('TRUSTED_PROXIES', [], proxies),
		shards: read('SHARDS', 1, integer(1, MAX_SHARDS)),
		logLevel: read('LOG_LEVEL', 'info', oneOf(Object.fromEntries(LOG_LEVELS.map((level) => [level, level])))),
		idleMinutes: read('IDLE_MINUTES', 15, integer(1, 24 * 60)),
		dutyIdleMinutes: read('DUTY_IDLE_MINUTES', 8 * 60, integer(1, 24 * 60)),
		sessionHours: read('SESSION_HOURS', 12, integer(1, 24 * 7)),
		passwordMaxDays: read('PASSWORD_MAX_DAYS', 90, integer(0, 3650)),
		oidc: readOidc(env, problems),
		ingestEventsPerSecond: read('INGEST_EVENTS_PER_SECOND', 50_000, integer(MAX_BATCH, 1_000_000)),
		isDev: read('YIZHAN_DEV', false, oneOf({ '1': true, '0': false }))
	};
	const tooLong = config.redisUrl === null ? socketPathProblem(config.dataDir) : null;
	if (tooLong !== null) problems.push(tooLong);
	return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** An address may carry a password; an error text must not. */
function shown(name: string, text: string): string {
	return name.endsWith('_URL') ? text.replace(/\/\/[^@/]*@/, '//…@') : text;
}

function integer(min: number, max: number): (text: string) => Reading<number> {
	return (text) => {
		const value = Number(text);
		const isGood = /^\d+$/.test(text) && value >= min && value <= max;
		return isGood ? { value } : { problem: `use a whole number from ${min} to ${max}` };
	};
}

function oneOf<T>(values: Record<string, T>): (text: string) => Reading<T> {
	return (text) => {
		const value = Object.hasOwn(values, text) ? values[text] : undefined;
		return value === undefined ? { problem: `use one of ${Object.keys(values).join(', ')}` } : { value };
	};
}

function hostName(text: string): Reading<string> {
	const isName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(text);
	return isIP(text) !== 0 || isName ? { value: text } : { problem: 'use an IP address or a host name, without a port' };
}

function urlWith(schemes: string[]): (text: string) => Reading<string | null> {
	return (text) => {
		const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : null;
		const isGood = scheme !== null && schemes.includes(scheme);
		return isGood ? { value: text } : { problem: `use an address that begins with ${schemes[0]}://` };
	};
}

function origin(text: string): Reading<string | null> {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
	// `https://host/` is taken as `https://host`; a path, a query or a user name is not an origin.
	const isGood = isWeb && url.href === `${url.origin}/`;
	return isGood ? { value: url.origin } : { problem: 'use a scheme and a host, such as https://ops.example.org' };
}

function proxies(text: string): Reading<readonly string[]> {
	const list = text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
	const problems = list.flatMap((proxy) => {
		const problem = proxyProblem(proxy);
		return problem === null ? [] : [`${proxy} ${problem}`];
	});
	if (problems.length === 0) return { value: list };
	return {
		problem: `${problems.join('; ')}. Use addresses and ranges with commas between, such as 127.0.0.1, 10.0.0.0/8`
	};
}
