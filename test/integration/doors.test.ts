import { get as httpGet } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { History } from '#server/history/routes.ts';
import type { RegistryList } from '#server/places/list.ts';
import type { RefusedList } from '#server/refused/routes.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { visit } from '#test/support/stations.ts';

const LIMIT_MS = 20_000;
let product: Product;
let person: SignedIn;
beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
});
afterAll(async () => {
	expect(await product.stop()).toBe(0);
});

const ask = (path: string, init: RequestInit = {}, who: { cookie?: string } = person.headers): Promise<Response> =>
	fetch(`${product.url}${path}`, { ...init, headers: { ...who, ...init.headers } });

async function read<T>(path: string): Promise<T> {
	const response = await ask(path);
	expect([path, response.status]).toEqual([path, 200]);
	return (await response.json()) as T;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
	const end = performance.now() + LIMIT_MS;
	for (;;) {
		const found = await look();
		if (found !== null) return found;
		if (performance.now() > end) throw new Error(`It did not come to that:\n${product.output()}`);
		await delay(50);
	}
}

async function appendToStream(event: object): Promise<void> {
	const redis = createClient({ socket: { path: product.redisSocket, tls: false } });
	await redis.connect();
	await redis.xAdd('ops:events:0', '*', { e: JSON.stringify(event) });
	await redis.close();
}

test('a running product answers for its registry and its history', async () => {
	const { sites, revision } = await read<RegistryList>('/api/registry');
	expect([revision, sites.length > 801]).toEqual([1, true]);
	expect(sites.every(({ initials }) => /^[a-z0-9 ]+$/.test(initials))).toBe(true);
	const { points } = await read<History>('/api/history?scope=city&period=3600');
	expect(points.length).toBeGreaterThanOrEqual(24);
	expect(points.every(({ visits }) => visits === null)).toBe(true);
	for (const path of ['/api/history/compare', '/api/history/occupations', '/api/fulfilment', '/api/registry/problems'])
		await read(path);
});

test('who is nobody is told to sign in at every door, and gets in nowhere', async () => {
	for (const path of [
		'/api/registry',
		'/api/history?scope=city&period=3600',
		'/api/state?scope=city',
		'/api/refused'
	]) {
		const response = await ask(path, {}, {});
		expect([path, response.status, await response.json()]).toEqual([
			path,
			401,
			{ code: 'sign_in_needed', message: 'Sign in first.' }
		]);
	}
	for (const path of ['/healthz', '/readyz', '/metrics'])
		expect([path, (await ask(path, {}, {})).status]).toEqual([path, 200]);
});

test('an address that reads as another host is no path, so no page sends a browser there', async () => {
	const status = (path: string): Promise<number> =>
		new Promise((resolve, reject) => {
			// fetch would tidy the path first
			const outgoing = httpGet({ port: new URL(product.url).port, host: '127.0.0.1', path }, (response) => {
				response.resume();
				resolve(response.statusCode ?? 0);
			});
			outgoing.on('error', reject);
		});
	for (const path of [
		'//evil.example',
		'/\\evil.example',
		'/.//evil.example',
		'/%2e//evil.example',
		'http://evil.example/'
	])
		expect([path, await status(`${path}?lang=en`)]).toEqual([path, 400]);
	expect(await status('/wall?lang=en')).toBe(307);
});

test('an event that was refused is found, mended, sent again, and counts', async () => {
	const { sites } = await read<RegistryList>('/api/registry');
	const code = sites[0]?.code ?? '';
	const wrong = visit(`${code}-TYPO`, Date.now(), 3);
	await appendToStream(wrong);
	const entry = await until(async () => {
		const { entries } = await read<RefusedList>(`/api/refused?q=${code.toLowerCase()}-typo`);
		return entries[0] ?? null;
	});
	expect(entry).toMatchObject({ reason: 'unknown_station', door: 'ops:events:0', resent: null });
	const resend = (): Promise<Response> =>
		ask('/api/refused/resend', {
			method: 'POST',
			headers: { origin: product.url },
			body: JSON.stringify({ id: entry.id, event: { ...(JSON.parse(entry.payload ?? '') as object), subject: code } })
		});
	expect((await resend()).status).toBe(202);
	await until(async () => {
		const state = await read<{ stations: { visitsToday: number | null }[] }>(`/api/state?scope=station:${code}`);
		return state.stations[0]?.visitsToday === 3 ? true : null;
	});
	expect((await resend()).status).toBe(409);
	const [marked] = (await read<RefusedList>('/api/refused')).entries;
	expect(marked?.resent?.stream).toBe('ops:events:0');
});

test('a foreign page cannot send anything again', async () => {
	const response = await ask('/api/refused/resend', { method: 'POST', headers: { origin: 'https://evil.example' } });
	expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'origin_not_allowed']);
});
