import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { holdLine } from './live-line.ts';
import { sendEvent, smartStations } from './send-event.ts';

let product: Product;
let person: SignedIn;
let stations: string[];

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
	stations = await smartStations(product, person);
});

test.afterAll(async () => {
	await product.stop();
});

test.beforeEach(({ context }) => context.addCookies(person.cookies));

const badge = (page: Page) => page.getByTestId('connection-badge');

async function open(page: Page, path: string): Promise<void> {
	await page.goto(`${product.url}${path}`);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
}

test('one navigation leads to every page and says where one is', async ({ page }) => {
	await open(page, '/data');
	await expect(page.getByTestId('nav-data')).toHaveAttribute('aria-current', 'page');
	await page.getByTestId('nav-districts').click();
	await expect(page).toHaveURL(`${product.url}/districts`);
	await expect(page.getByTestId('nav-districts')).toHaveAttribute('aria-current', 'page');
	await expect(page.getByTestId('oldest-data')).toBeVisible();
	await expect(page.getByTestId('demo-mark')).toBeVisible();
});

test('the keyboard skips to the content first', async ({ page }) => {
	await open(page, '/data');
	await page.keyboard.press('Tab');
	await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.locator('#content')).toBeFocused();
});

test('speaks English when asked to, in words, numbers and dates, and remembers it', async ({ page }) => {
	await open(page, '/districts');
	await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
	await page.getByTestId('settings').click();
	await page.getByTestId('language-en').click();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await expect(page.getByTestId('nav-map')).toHaveText('Map');
	await expect(page.getByTestId('tile-stations')).toContainText('In service');
	await page.goto(`${product.url}/wall`);
	await expect(page.getByTestId('oldest-data')).toContainText('Oldest data');
	await expect(page.getByTestId('clock')).toContainText(/\w{3}, \d{1,2} \w+ \d{4}/u);
});

test('an address with lang= sets the language of a kiosk that nobody touches', async ({ page }) => {
	await page.goto(`${product.url}/wall?lang=en`);
	await expect(page).toHaveURL(`${product.url}/wall`);
	await expect(badge(page)).toHaveText('Live');
	await page.goto(`${product.url}/wall?lang=zh`);
	await expect(badge(page)).toHaveText('实时');
});

test('light and dark are chosen, kept and sent with the page: nothing flashes', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await open(page, '/data');
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await ground();
	await page.getByTestId('settings').click();
	await page.getByTestId('theme-dark').click();
	await expect.poll(ground).not.toBe(light);
	const dark = await ground();
	await page.reload();
	expect(await ground()).toBe(dark);
	const html = await (await page.request.get(`${product.url}/data`)).text();
	expect(html).toContain('data-theme="dark"');
});

test('the palette finds a station by pinyin initials and leads to it', async ({ page }) => {
	const [code = ''] = stations;
	const { sites } = (await (await page.request.get(`${product.url}/api/registry`)).json()) as {
		sites: { code: string; initials: string }[];
	};
	const initials = sites.find((site) => site.code === code)!.initials.split(' ')[0]!;
	await open(page, '/data');
	await page.keyboard.press('Control+k');
	const input = page.getByTestId('palette').getByRole('combobox');
	await expect(input).toBeFocused();
	await input.fill(initials.toUpperCase());
	const found = page.getByTestId(`found-station-${code}`);
	await expect(found).toBeVisible();
	await found.click();
	await expect(page).toHaveURL(new RegExp(`/stations/${code}$`, 'u'));
});

test('the palette finds a page by name, with the keyboard alone, and says what to try when nothing fits', async ({
	page
}) => {
	await open(page, '/districts');
	await page.getByTestId('palette-button').click();
	const input = page.getByTestId('palette').getByRole('combobox');
	await input.fill('没有这样的东西');
	await expect(page.getByTestId('palette')).toContainText('没有找到“没有这样的东西”');
	await input.fill('数据质量');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(`${product.url}/data`);
	await expect(page.getByTestId('palette')).toBeHidden();
});

test('every figure explains itself: definition, formula, sources, records', async ({ page }) => {
	await open(page, '/districts');
	const tile = page.getByTestId('tile-closed-unplanned').getByRole('button');
	await tile.focus();
	await page.keyboard.press('Enter');
	const card = page.getByTestId('figure-card');
	await expect(card).toContainText('公示时间内应当开放、却确认关闭的在营驿站数');
	await expect(card).toContainText('来源');
	await expect(page.getByTestId('figure-records')).toContainText(/\d+ \/ 801 站有数据/u);
	await page.keyboard.press('Escape');
	await expect(card).toBeHidden();
	await expect(tile).toBeFocused();
});

test('[FR5] ten minutes without a line: no figure looks live; on return the page says what it caught up', async ({
	page
}) => {
	const [first = '', second = ''] = stations;
	const line = await holdLine(page);
	await page.clock.install();
	await open(page, '/wall');
	await expect(page.getByTestId('kpi-stations')).toHaveText('801');
	await line.cut();
	await expect(badge(page)).toHaveAttribute('data-state', 'interrupted');
	await page.clock.fastForward(612_000);
	await expect(badge(page)).toContainText(/断线\s*00:10:\d\d/u);
	const tiles = page.locator('[data-testid^="tile-"]');
	for (const freshness of await tiles.evaluateAll((all) => all.map((one) => one.getAttribute('data-freshness')))) {
		expect(['stale', 'none']).toContain(freshness);
	}
	await sendEvent(product, 'people.counted', first, { in: 2, out: 0, inside: 2 });
	await sendEvent(product, 'env.read', second, { temperatureC: 21.5, humidityPct: 40 });
	line.mend();
	await page.clock.fastForward(10_000);
	await expect(page.getByTestId('notice')).toContainText(/断线 10 分 \d+ 秒，已补齐：2 站的 [3-6] 项数据有变化/u);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
});

test('the wall shows its way out only to a pointer that moves', async ({ page }) => {
	await open(page, '/wall');
	const way = page.getByTestId('wall-exit');
	await expect(way).toHaveCSS('opacity', '0');
	await page.mouse.move(300, 300);
	await page.mouse.move(340, 320);
	await expect(way).toHaveCSS('opacity', '1');
	await expect(way).toHaveCSS('opacity', '0');
});

test('the wall loads neither menus nor tables nor the palette before somebody asks for them', async ({ page }) => {
	const scripts: string[] = [];
	page.on('response', (response) => {
		if (response.url().endsWith('.js')) scripts.push(response.url());
	});
	await open(page, '/wall');
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	const before = scripts.length;
	await page.keyboard.press('Control+k');
	await expect(page.getByTestId('palette')).toBeVisible();
	expect(scripts.length).toBeGreaterThan(before);
});

test('a page that is not there says so in the language of the page', async ({ page }) => {
	await page.goto(`${product.url}/data?lang=en`);
	const response = await page.goto(`${product.url}/no-such-page`);
	expect(response?.status()).toBe(404);
	await expect(page.getByTestId('error-page')).toContainText('There is no such page');
	await expect(page.getByTestId('navigation')).toBeVisible();
});

test('nothing is wider than a phone, and the navigation lies under the thumb', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	for (const path of ['/data', '/districts', '/no-such-page']) {
		await page.goto(`${product.url}${path}`);
		await expect(page.getByTestId('navigation')).toBeInViewport();
		expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
	}
});

test('an empty registry says how to fill it to who may, and that it is empty to everybody', async ({
	page,
	context
}) => {
	const empty = await startProduct({ env: { DEMO: '0' } });
	try {
		await context.addCookies((await signIn(empty, 'district_admin')).cookies);
		await page.goto(`${empty.url}/districts`);
		await expect(page.getByTestId('empty-registry')).toContainText('名册里还没有驿站');
		await expect(page.getByTestId('empty-registry').getByRole('link')).toHaveAttribute('href', /data\/import$/u);
		await context.addCookies((await signIn(empty)).cookies);
		await page.reload();
		await expect(page.getByTestId('empty-registry')).toContainText('名册里还没有驿站');
		await expect(page.getByTestId('empty-registry').getByRole('link')).toHaveCount(0);
	} finally {
		await empty.stop();
	}
});
