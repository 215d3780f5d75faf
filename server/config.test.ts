import { expect, test } from 'vitest';
import { readConfig, type Config } from './config.ts';

function configOf(env: Record<string, string>): Config {
	const result = readConfig(env);
	if (!result.ok) throw new Error(result.problems.join('\n'));
	return result.config;
}

function problemsOf(env: Record<string, string>): string[] {
	const result = readConfig(env);
	return result.ok ? [] : result.problems;
}

test('an empty environment gives the documented defaults', () => {
	expect(configOf({})).toEqual({
		port: 3000,
		host: '127.0.0.1',
		dataDir: `${process.cwd()}/.data`,
		redisUrl: null,
		databaseUrl: null,
		demo: 'auto',
		origin: null,
		trustedProxies: [],
		shards: 1,
		logLevel: 'info',
		idleMinutes: 15,
		dutyIdleMinutes: 480,
		sessionHours: 12,
		passwordMaxDays: 90,
		oidc: null,
		ingestEventsPerSecond: 50_000,
		isDev: false
	});
});

test('an empty variable counts as unset', () => {
	expect(configOf({ PORT: '', REDIS_URL: ' ', DEMO: '' })).toEqual(configOf({}));
});

test('every good value is taken', () => {
	const config = configOf({
		PORT: '8080',
		HOST: '::1',
		DATA_DIR: '/srv/yizhan',
		REDIS_URL: 'rediss://user:secret@redis.example.org:6380/1',
		DATABASE_URL: 'postgresql://localhost/yizhan',
		DEMO: 'registry',
		ORIGIN: 'https://ops.example.org/',
		TRUSTED_PROXIES: '127.0.0.1, ::1,10.0.0.0/8,',
		SHARDS: '64',
		LOG_LEVEL: 'silent',
		IDLE_MINUTES: '30',
		DUTY_IDLE_MINUTES: '720',
		SESSION_HOURS: '24',
		PASSWORD_MAX_DAYS: '0',
		OIDC_ISSUER: 'https://id.example.org/realm',
		OIDC_CLIENT_ID: 'yizhan',
		OIDC_CLIENT_SECRET: 'secret',
		OIDC_LABEL: '工会统一认证',
		OIDC_CLAIM: 'employee',
		INGEST_EVENTS_PER_SECOND: '2000',
		YIZHAN_DEV: '1'
	});
	expect(config).toEqual({
		port: 8080,
		host: '::1',
		dataDir: '/srv/yizhan',
		redisUrl: 'rediss://user:secret@redis.example.org:6380/1',
		databaseUrl: 'postgresql://localhost/yizhan',
		demo: 'registry',
		origin: 'https://ops.example.org',
		trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8'],
		shards: 64,
		logLevel: 'silent',
		idleMinutes: 30,
		dutyIdleMinutes: 720,
		sessionHours: 24,
		passwordMaxDays: 0,
		oidc: {
			issuer: 'https://id.example.org/realm',
			clientId: 'yizhan',
			clientSecret: 'secret',
			label: '工会统一认证',
			claim: 'employee'
		},
		ingestEventsPerSecond: 2000,
		isDev: true
	});
	expect([configOf({ DEMO: '1' }).demo, configOf({ DEMO: '0' }).demo]).toEqual(['on', 'off']);
});

test('all bad values are named at once', () => {
	const problems = problemsOf({
		PORT: '65536',
		HOST: 'localhost:3000',
		REDIS_URL: 'localhost:6379',
		DATABASE_URL: 'mysql://localhost/yizhan',
		DEMO: 'yes',
		ORIGIN: 'https://ops.example.org/wall',
		SHARDS: '0',
		LOG_LEVEL: 'loud'
	});
	const names = problems.map((problem) => problem.split('=')[0]);
	expect(names).toEqual(['PORT', 'HOST', 'REDIS_URL', 'DATABASE_URL', 'DEMO', 'ORIGIN', 'SHARDS', 'LOG_LEVEL']);
	expect(problems[0]).toBe('PORT=65536: use a whole number from 0 to 65535');
});

test.each(['-1', '1.5', '0x10', '1e3', 'NaN', '65'])('SHARDS=%s is refused', (text) => {
	expect(problemsOf({ SHARDS: text })).toHaveLength(1);
});

test.each(['constructor', 'toString'])('DEMO=%s is refused like any other unknown word', (text) => {
	expect(problemsOf({ DEMO: text })).toHaveLength(1);
});

test('a password in a bad address does not reach the error text', () => {
	const [problem] = problemsOf({ DATABASE_URL: 'mysql://keeper:geheim@localhost/yizhan' });
	expect(problem).toBe('DATABASE_URL=mysql://…@localhost/yizhan: use an address that begins with postgres://');
});

test('every bad address of TRUSTED_PROXIES is named', () => {
	expect(problemsOf({ TRUSTED_PROXIES: '127.0.0.1, nginx, 10.0.0.0/33' })).toEqual([
		'TRUSTED_PROXIES=127.0.0.1, nginx, 10.0.0.0/33: nginx is no IP address; 10.0.0.0/33 is no range: ' +
			'use /0 to /32 after the address. Use addresses and ranges with commas between, such as 127.0.0.1, 10.0.0.0/8'
	]);
});

test('a data folder too deep for a unix socket is refused, unless Redis is elsewhere', () => {
	const DATA_DIR = `/tmp/${'深'.repeat(32)}`;
	expect(problemsOf({ DATA_DIR })).toEqual([expect.stringContaining('112 bytes long')]);
	expect(problemsOf({ DATA_DIR, REDIS_URL: 'redis://localhost' })).toEqual([]);
});
