import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { openPglite } from '#db/client.ts';
import { hashOf, newToken, SCREEN_TOKEN_PREFIX } from '#server/access/tokens.ts';
import { createScreen } from '#server/store/screen-store.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn } from '#test/support/sign-in.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { openFront, type Front } from './front.ts';

const DAY = 86_400_000;
const DISTRICT = '320214';

let front: Front;
let product: Product;
let dir: { path: string; remove: () => void };
/** the browser behind the wall; it lives as long as this file, as a wall does */
let kiosk: BrowserContext;
let wall: Page;
let desk: Page;

const expired = newToken(SCREEN_TOKEN_PREFIX);
const elsewhere = newToken(SCREEN_TOKEN_PREFIX);

// One story of one screen, told in order.
test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
	test.setTimeout(120_000);
	dir = tempDir('screens');
	front = await openFront();
	await start();
	kiosk = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
	const office = await browser.newContext();
	const { cookies } = await signIn(product, 'system_admin');
	await office.addCookies(cookies.map((cookie) => ({ ...cookie, url: front.url })));
	[wall, desk] = [await kiosk.newPage(), await office.newPage()];
});

test.afterAll(async () => {
	await Promise.all([kiosk.close(), desk.context().close()]);
	await product.stop();
	await front.close();
	dir.remove();
});

async function start(): Promise<void> {
	// The demo city without its simulated day.
	product = await startProduct({ dataDir: dir.path, env: { DEMO: 'registry' } });
	front.leadTo(product);
}

const code = (page: Page) => page.getByTestId('pairing-code');
const stations = (page: Page) => page.getByTestId('kpi-stations');
const isLive = (page: Page) =>
	expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live', { timeout: 30_000 });

test('[SC1] a browser that is nobody shows a code, what to do with it in two languages, and nothing of the city', async () => {
	const asked: string[] = [];
	wall.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await wall.goto(`${front.url}/wall`);
	await expect(code(wall)).toHaveText(/^\s*[C-Y3-9]{4}\s*-\s*[C-Y3-9]{4}\s*$/u);
	await expect(wall.getByTestId('pairing')).toContainText('输入此配对码');
	await expect(wall.getByTestId('pairing')).toContainText('enter this code');
	await expect(wall.getByTestId('pairing-age')).toContainText(/已显示 \d+ 秒/u);
	const size = await code(wall).evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
	expect(size).toBeGreaterThan(150);
	await expect(wall.getByTestId('pairing').getByRole('link')).toHaveAttribute('href', '/sign-in?next=%2Fwall');
	const doors = new Set(asked.filter((path) => path.startsWith('/api/') || path.startsWith('/live')));
	expect([...doors].sort()).toEqual(['/api/screens/pairing', '/api/screens/self']);
	// The same code after a reload: whoever went to the office with it need not come back.
	const before = await code(wall).textContent();
	await wall.reload();
	await expect(code(wall)).toHaveText(before ?? '');
});

test('[SC5] the form says beside each field what is wrong, and loses nothing', async () => {
	await desk.goto(`${front.url}/admin/screens`);
	// Read by the page itself: from here on it listens.
	await expect(desk.getByTestId('screens')).toBeVisible();
	await desk.getByTestId('pair-screen').click();
	await desk.getByTestId('screen-name').fill('一楼大厅');
	await desk.getByTestId('screen-days').fill('5000');
	await desk.getByTestId('screen-code').fill('cccc-cccc');
	await desk.getByTestId('screen-submit').click();
	await expect(desk.getByTestId('screen-days')).toHaveAttribute('aria-invalid', 'true');
	await desk.getByTestId('screen-days').fill('30');
	await desk.getByTestId('screen-submit').click();
	await expect(desk.getByTestId('screen-dialog')).toContainText('没有屏幕正在显示这个码');
	await expect(desk.getByTestId('screen-code')).toBeFocused();
	await expect(desk.getByTestId('screen-name')).toHaveValue('一楼大厅');
});

test('[SC3][SC9] paired to a district, it draws that district live, without a touch', async () => {
	const typed = ((await code(wall).textContent()) ?? '').replaceAll(/[\s-]/gu, '').toLowerCase();
	await desk.getByTestId('screen-code').fill(typed);
	await desk.getByTestId('scope-district').selectOption(DISTRICT);
	await desk.getByTestId('screen-submit').click();
	await expect(desk.getByTestId('screen-dialog')).toBeHidden();
	await isLive(wall);
	await expect(wall).toHaveTitle(/^新吴区/u);
	await expect(wall.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	const count = Number(await stations(wall).textContent());
	expect(count).toBeGreaterThan(10);
	expect(count).toBeLessThan(200);
	await expect(desk.getByTestId('screens')).toContainText('新吴区');
});

test('[SC9] it gets nothing of another district, of the whole city, of one station, and no other page', async () => {
	const status = async (path: string) => (await kiosk.request.get(`${front.url}${path}`, { maxRedirects: 0 })).status();
	expect(await status(`/api/state?scope=district:${DISTRICT}`)).toBe(200);
	for (const scope of ['city', 'district:320206', 'street:320206001', 'station:WX-320214-01-0001']) {
		expect([scope, await status(`/api/state?scope=${scope}`)]).toEqual([scope, 403]);
		expect([scope, await status(`/api/history/compare?scope=${scope}`)]).toEqual([scope, 403]);
	}
	for (const path of [`/api/registry?scope=district:${DISTRICT}`, '/api/registry/export?format=csv', '/api/screens']) {
		expect([path, await status(path)]).toEqual([path, 403]);
	}
	for (const path of ['/map', '/districts', '/admin/screens']) expect([path, await status(path)]).toEqual([path, 303]);
	// Touched, it opens no station and offers no way out.
	await wall.getByTestId('map').click({ position: { x: 200, y: 200 } });
	await wall.mouse.move(300, 300);
	await wall.mouse.move(310, 310);
	await expect(wall.getByTestId('wall-screen')).toContainText('一楼大厅');
	await expect(wall.getByTestId('wall-exit')).toHaveCount(0);
});

test('[SC7] it follows a change of scope, layout and name at once', async () => {
	await desk.getByTestId('change-1').click();
	await desk.getByTestId('scope-district').selectOption('');
	await desk.getByTestId('layout-map').check({ force: true });
	await desk.getByTestId('screen-name').fill('门厅');
	await desk.getByTestId('screen-submit').click();
	await expect(stations(wall)).toHaveText('801', { timeout: 10_000 });
	await expect(wall.getByTestId('wall')).toHaveAttribute('data-layout', 'map');
	await expect(wall.getByTestId('trend-chart')).toHaveCount(0);
	await expect(wall.getByTestId('wall-screen')).toContainText('门厅');
});

test('[SC10] the server starts again on its data: the wall is live again without a touch, a fresh page too', async () => {
	test.setTimeout(120_000);
	await product.kill('SIGTERM');
	await expect(wall.getByTestId('connection-badge')).toHaveAttribute('data-state', 'interrupted');
	await expect(stations(wall)).toHaveText('801');
	await addOthers();
	await start();
	await isLive(wall);
	await expect(stations(wall)).toHaveText('801');
	const fresh = await kiosk.newPage();
	await fresh.goto(`${front.url}/wall`);
	await isLive(fresh);
	await expect(stations(fresh)).toHaveText('801');
	await fresh.close();
});

/** Screens that no form makes: one that ran out, one that belongs to another house. */
async function addOthers(): Promise<void> {
	const { db, close } = await openPglite(join(dir.path, 'pg'));
	const at = Date.now();
	const screen = { scope: 'city', layout: 'overview', pairedBy: 'operator', at: at - DAY } as const;
	await createScreen(db, { ...screen, name: 'A', tokenHash: hashOf(expired), addresses: [], expiresAt: at - 1 });
	const tokenHash = hashOf(elsewhere);
	await createScreen(db, { ...screen, name: 'B', tokenHash, addresses: ['10.0.0.0/8'], expiresAt: at + DAY });
	await close();
}

test('[SC10] a proxy that asks for its own sign-in does not lead it away: it stays, says so, and goes on by itself', async () => {
	test.setTimeout(120_000);
	front.askForSignIn();
	await expect(wall.getByTestId('connection-badge')).toHaveAttribute('data-state', 'interrupted');
	await expect(wall.getByTestId('wall-between')).toBeVisible({ timeout: 20_000 });
	await expect(wall).toHaveURL(`${front.url}/wall`);
	front.leadTo(product);
	await isLive(wall);
	await expect(wall.getByTestId('wall-between')).toHaveCount(0);
});

for (const [name, token, why] of [
	['an expired token', expired, '授权已到期'],
	['a token from an address that is not on its list', elsewhere, '网络地址不在允许范围内'],
	['a made-up token', newToken(SCREEN_TOKEN_PREFIX), null]
] as const) {
	test(`[SC8] ${name} opens nothing: the code is shown`, async ({ browser }) => {
		const context = await browser.newContext();
		await context.addCookies([{ name: 'yizhan-screen', value: token, url: front.url }]);
		expect((await context.request.get(`${front.url}/api/state`)).status()).toBe(401);
		const page = await context.newPage();
		await page.goto(`${front.url}/wall`);
		await expect(code(page)).toHaveText(/[C-Y3-9]{4}/u);
		if (why !== null) await expect(page.getByTestId('pairing-why')).toContainText(why);
		await context.close();
	});
}

test('[SC8] revoked, it shows its code at once and says why, and its cookie opens nothing', async () => {
	await desk.getByTestId('revoke-1').click();
	await desk.getByTestId('revoke-do').click();
	await expect(code(wall)).toHaveText(/[C-Y3-9]{4}/u);
	await expect(wall.getByTestId('pairing-why')).toContainText('已被撤销');
	await expect(wall.getByTestId('wall')).toHaveCount(0);
	expect((await kiosk.request.get(`${front.url}/api/state`)).status()).toBe(401);
	await expect(desk.getByTestId('toggle-revoked')).toBeVisible();
});

test('[SC3] and may be paired again', async () => {
	await desk.getByTestId('pair-screen').click();
	await desk.getByTestId('screen-code').fill((await code(wall).textContent()) ?? '');
	await desk.getByTestId('screen-name').fill('门厅');
	await desk.getByTestId('screen-submit').click();
	await isLive(wall);
	await expect(stations(wall)).toHaveText('801');
});
