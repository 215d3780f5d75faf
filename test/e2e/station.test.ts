import { expect, test } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { holdLine } from './live-line.ts';
import { sendEvent, smartStations } from './send-event.ts';

let product: Product;
let person: SignedIn;
let code: string;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
	code = (await smartStations(product, person))[0]!;
});

test.afterAll(async () => {
	await product.stop();
});

test.beforeEach(({ context }) => context.addCookies(person.cookies));

test('shows the figures of one station as they change', async ({ page }) => {
	await page.goto(`${product.url}/stations/${code}`);
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	await expect(page.getByTestId('demo-mark')).toBeVisible();
	await expect(page.getByTestId('station-temperature')).toHaveText('–');

	await sendEvent(product, 'station.opened', code, {});
	await expect(page.getByTestId('station-status')).toHaveAttribute('data-status', 'open');
	await sendEvent(product, 'env.read', code, { temperatureC: 26.5, humidityPct: 55, co2Ppm: 620 });
	await expect(page.getByTestId('station-temperature')).toHaveText('26.5');
	await expect(page.getByTestId('station-co2')).toHaveText('620');
	await sendEvent(product, 'people.counted', code, { in: 3, out: 1, inside: 2 });
	await expect(page.getByTestId('station-inside')).toHaveText('2');
	await sendEvent(product, 'power.changed', code, { mains: false });
	await expect(page.getByTestId('station-mains')).toHaveText('断电');
	await expect(page.getByTestId('station-age')).toContainText('正常');
});

test('every figure of a station has its age, how it came to be, and a card with its definition', async ({ page }) => {
	await page.goto(`${product.url}/stations/${code}`);
	await sendEvent(product, 'env.read', code, { temperatureC: 25.5, humidityPct: 50, co2Ppm: 700 });
	await expect(page.getByTestId('station-temperature')).toHaveText('25.5');
	await expect(page.getByTestId('age-temperature')).toContainText(/\d+ 秒前\s*测/u);
	const tiles = page.locator('[data-testid^="tile-"]');
	await expect(tiles).toHaveCount(8);
	for (const tile of await tiles.all()) {
		await tile.getByRole('button').click();
		const card = page.getByTestId('figure-card');
		await expect(card).toContainText('口径');
		await expect(card).toContainText('来源');
		await page.keyboard.press('Escape');
		await expect(card).toBeHidden();
	}
});

test('lists devices and supplies, each with its age', async ({ page }) => {
	await page.goto(`${product.url}/stations/${code}`);
	await sendEvent(product, 'device.changed', code, {
		device: 'door-1',
		kind: 'door',
		state: 'fault',
		reason: '锁舌卡住'
	});
	await expect(page.getByTestId('device-door-1')).toContainText(/门禁.*故障（锁舌卡住）.*\d+ 秒前/u);
	await sendEvent(product, 'supply.changed', code, { item: '藿香正气水', quantity: 6, expiresOn: '2020-01-31' });
	await expect(page.getByTestId('supply-藿香正气水')).toContainText(/6.*2020-01-31.*已过期.*秒前/u);
});

test('greys every figure when its line is cut', async ({ page }) => {
	const line = await holdLine(page);
	await page.clock.install();
	await page.goto(`${product.url}/stations/${code}`);
	await expect(page.getByTestId('station')).toHaveAttribute('data-feed', 'fresh');
	await line.cut();
	await page.clock.fastForward(60_000);
	await expect(page.getByTestId('station')).toHaveAttribute('data-feed', 'stale');
	await expect(page.getByTestId('station-age')).toHaveAttribute('data-freshness', 'stale');
	await expect(page.getByTestId('tile-inside')).toHaveAttribute('data-freshness', 'stale');
	await expect(page.getByTestId('tile-humidity')).toHaveAttribute('data-freshness', 'stale');
	await expect(page.getByTestId('connection-badge')).toContainText('断线');
});

test('an unknown code is a page that says what to do', async ({ page }) => {
	const response = await page.goto(`${product.url}/stations/NO-SUCH-STATION`);
	expect(response?.status()).toBe(404);
	await expect(page.getByTestId('error-page')).toContainText('没有编码为“NO-SUCH-STATION”的驿站');
	await expect(page.getByTestId('error-page')).toContainText('请核对编码');
	await page.getByRole('link', { name: '返回首页' }).click();
	await expect(page).toHaveURL(`${product.url}/wall`);
});

test('leads back to the wall, which goes on living', async ({ page }) => {
	await page.goto(`${product.url}/stations/${code}`);
	await page.getByRole('link', { name: '总览大屏' }).click();
	await expect(page.getByTestId('kpi-stations')).toHaveText('801');
});
