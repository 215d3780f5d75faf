import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { tempDir } from '#test/support/temp-dir.ts';

/** A picture of one pixel, as a map tile. */
const PIXEL = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAQBAQDJ/pLvAAAAAElFTkSuQmCC',
	'base64'
);

let product: Product;
let dir: ReturnType<typeof tempDir>;
/** A tile server on an address of its own, which the deployer configured. */
let tiles: Server;

async function signInAs(page: Page, userName: string): Promise<void> {
	const response = await page.request.post(`${product.url}/api/session/sample`, { data: { userName } });
	expect(response.ok(), await response.text()).toBe(true);
}

test.beforeAll(async () => {
	tiles = createServer((_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(PIXEL));
	await new Promise<void>((resolve) => tiles.listen(0, '127.0.0.1', resolve));
	dir = tempDir('csp');
	product = await startProduct({ env: { DEMO: 'registry' }, dataDir: dir.path });
});

test.afterAll(async () => {
	await product.stop();
	tiles.close();
	dir.remove();
});

/** What the policy of the page kept from happening, from its first line on. */
async function watchViolations(page: Page): Promise<string[]> {
	const seen: string[] = [];
	await page.exposeFunction('tellViolation', (text: string) => seen.push(text));
	await page.addInitScript(() => {
		addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
			const tell = (globalThis as unknown as { tellViolation: (text: string) => void }).tellViolation;
			tell(`${violatedDirective} ${blockedURI} ${sourceFile}`);
		});
	});
	page.on('console', (message) => {
		if (/content.security.policy|permissions.policy|cross-origin-/i.test(message.text())) seen.push(message.text());
	});
	page.on('pageerror', (error) => seen.push(error.message));
	return seen;
}

/** Each page with the sample person of the demo city who may open it; null = nobody signed in. */
const PAGES: readonly (readonly [path: string, who: string | null])[] = [
	['/sign-in', null],
	['/link/none', null],
	['/wall', null],
	['/wall', 'sample.leader'],
	['/map', 'sample.leader'],
	['/districts', 'sample.leader'],
	['/districts/320211', 'sample.leader'],
	['/data', 'sample.system'],
	['/data/import', 'sample.system'],
	['/profile', 'sample.keeper'],
	['/admin/people', 'sample.system'],
	['/admin/grants', 'sample.security'],
	['/admin/screens', 'sample.system'],
	['/admin/sources', 'sample.system'],
	['/admin/audit', 'sample.auditor'],
	// Refused, and not there.
	['/admin/audit', 'sample.leader'],
	['/nowhere', 'sample.leader']
];

for (const [path, who] of PAGES) {
	test(`[WE2] ${path} for ${who ?? 'nobody'} needs nothing that its policy forbids`, async ({ page }) => {
		const violations = await watchViolations(page);
		if (who !== null) await signInAs(page, who);
		await page.goto(`${product.url}${path}`);
		await page.waitForLoadState('networkidle');
		expect(violations).toEqual([]);
	});
}

test('[WE2] menus, the palette and its list need nothing that the policy forbids', async ({ page }) => {
	const violations = await watchViolations(page);
	await signInAs(page, 'sample.leader');
	await page.goto(`${product.url}/districts`);
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	await page.getByTestId('settings').click();
	await page.keyboard.press('Escape');
	await page.keyboard.press('Control+k');
	await expect(page.getByRole('dialog')).toBeVisible();
	expect(violations).toEqual([]);
});

test('[WE2] a station with its charts and tips, and the live line, need nothing that the policy forbids', async ({
	page
}) => {
	const violations = await watchViolations(page);
	await signInAs(page, 'sample.leader');
	const state = await page.request.get(`${product.url}/api/state`);
	const { stations } = (await state.json()) as { stations: { code: string; telemetry: string }[] };
	const code = stations.find(({ telemetry }) => telemetry === 'live')?.code ?? '';
	await page.goto(`${product.url}/stations/${code}`);
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	for (const chart of await page.locator('canvas').all()) await chart.hover({ force: true });
	expect(violations).toEqual([]);
});

test('[WE2] a script that somebody got into a page does not run', async ({ page }) => {
	const violations = await watchViolations(page);
	await signInAs(page, 'sample.leader');
	await page.goto(`${product.url}/districts`);
	await page.evaluate(() => {
		const script = document.createElement('script');
		script.textContent = 'globalThis.injected = true';
		document.body.append(script);
		const picture = document.createElement('div');
		picture.innerHTML = '<img src="/none.png" onerror="globalThis.injected = true">';
		document.body.append(picture);
		const foreign = document.createElement('script');
		foreign.src = 'https://evil.example/x.js';
		document.body.append(foreign);
	});
	await expect.poll(() => violations.filter((text) => text.startsWith('script-src')).length).toBeGreaterThanOrEqual(3);
	expect(await page.evaluate(() => (globalThis as { injected?: boolean }).injected)).toBeUndefined();
	// In a task of its own: what the browser's debugger evaluates may do what a page may not.
	const compiled = await page.evaluate(
		() =>
			new Promise((resolve) =>
				setTimeout(() => {
					try {
						resolve(new Function('return "ran"')());
					} catch (error) {
						resolve((error as Error).name);
					}
				})
			)
	);
	expect(compiled).toBe('EvalError');
});

test('[WE2] tiles come from the hosts of map.json as it is now, and from no other', async ({ page }) => {
	const host = `http://127.0.0.1:${(tiles.address() as AddressInfo).port}`;
	mkdirSync(join(dir.path, 'basemap'), { recursive: true });
	writeFileSync(join(dir.path, 'basemap/map.json'), JSON.stringify({ tiles: [{ url: `${host}/{z}/{x}/{y}.png` }] }));
	const violations = await watchViolations(page);
	await signInAs(page, 'sample.leader');
	await page.goto(`${product.url}/map`);
	await expect(page.locator('img.leaflet-tile-loaded').first()).toBeAttached();
	expect(violations).toEqual([]);
	await page.evaluate(() => void (new Image().src = 'https://evil.example/beacon.png'));
	await expect.poll(() => violations.join()).toContain('img-src https://evil.example/beacon.png');
});
