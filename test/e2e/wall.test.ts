import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { holdLine } from './live-line.ts';
import { sendEvent, smartStations } from './send-event.ts';

let product: Product;
let stations: string[];

test.beforeAll(async () => {
	// The demo city without its simulated day: what changes is what a test sent.
	product = await startProduct({ env: { DEMO: 'registry' } });
	stations = await smartStations(product);
});

test.afterAll(async () => {
	await product.stop();
});

const kpi = (page: Page, id: string) => page.getByTestId(`kpi-${id}`);
const badge = (page: Page) => page.getByTestId('connection-badge');

async function openWall(page: Page): Promise<void> {
	await page.goto(`${product.url}/wall`);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
}

test('the address of the product leads to the wall', async ({ page }) => {
	await page.goto(product.url);
	await expect(page).toHaveURL(`${product.url}/wall`);
});

test('shows 801 stations on a map, and what nobody told as a dash', async ({ page }) => {
	await openWall(page);
	await expect(kpi(page, 'stations')).toHaveText('801');
	await expect(kpi(page, 'inside-now')).toHaveText('–');
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	await expect(page.getByTestId('demo-mark')).toContainText('演示数据');
	expect(await drawnPixels(page)).toBeGreaterThan(5_000);
});

test('an event appended to the stream changes the page without a reload', async ({ page }) => {
	const [first = '', second = ''] = stations;
	await openWall(page);
	await expect(kpi(page, 'open-stations')).toHaveText('0');
	await sendEvent(product, 'station.opened', first, {});
	await expect(kpi(page, 'open-stations')).toHaveText('1');
	await sendEvent(product, 'station.visited', first, { method: 'face' });
	await expect(kpi(page, 'visits-today')).toHaveText('1');
	await sendEvent(product, 'station.visited', second, { method: 'qr', count: 3 });
	await expect(kpi(page, 'visits-today')).toHaveText('4');
	await expect(page.getByTestId('oldest-data')).toContainText(/最旧数据 \d+ 秒/u);
});

test('a cut line is said with its time, greys what it shows, and heals by itself', async ({ page }) => {
	const line = await holdLine(page);
	await page.clock.install();
	await openWall(page);
	await expect(kpi(page, 'stations')).toHaveText('801');
	await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'fresh');

	await line.cut();
	await expect(badge(page)).toHaveAttribute('data-state', 'interrupted');
	await page.clock.fastForward(15_000);
	await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'late');
	await page.clock.fastForward(68_000);
	await expect(badge(page)).toContainText(/断线\s*00:01:2\d/u);
	await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'stale');
	await expect(page.getByTestId('tile-stations')).toHaveAttribute('data-freshness', 'stale');
	await expect(kpi(page, 'stations')).toHaveText('801');

	line.mend();
	await page.clock.fastForward(10_000);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
	await expect(page.getByTestId('wall')).toHaveAttribute('data-feed', 'fresh');
});

test('a new build is noticed on reconnect and the page loads itself anew, once', async ({ page }) => {
	const line = await holdLine(page);
	await openWall(page);
	let loads = 0;
	page.on('load', () => loads++);
	line.pretendBuild('another-build');
	for (const expected of [1, 1]) {
		await line.cut();
		await expect(badge(page)).toHaveAttribute('data-state', 'interrupted');
		line.mend();
		await expect(badge(page)).toHaveAttribute('data-state', 'live');
		await expect.poll(() => loads).toBe(expected);
	}
});

test('nothing is asked of any other host, and nothing fails', async ({ page }) => {
	const hosts = new Set<string>();
	const problems: string[] = [];
	page.on('request', (request) => {
		const { host, protocol } = new URL(request.url());
		if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host);
	});
	page.on('requestfailed', (request) => problems.push(request.url()));
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
	});
	page.on('pageerror', (error) => problems.push(error.message));
	await openWall(page);
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	expect([...hosts]).toEqual([new URL(product.url).host]);
	expect(problems).toEqual([]);
});

test('is dark, whatever its machine prefers', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await openWall(page);
	const [red = 255, green = 255, blue = 255] = await page.getByTestId('wall').evaluate((wall) => {
		return getComputedStyle(wall).backgroundColor.match(/\d+/gu)!.map(Number);
	});
	expect(Math.max(red, green, blue)).toBeLessThan(60);
});

for (const [width, height] of [
	[1920, 1080],
	[3840, 1080]
] as const) {
	test(`fits ${width}×${height}: no scroll bar, no text under 18 px, figures of 56 px and more`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await openWall(page);
		await expect(kpi(page, 'stations')).toHaveText('801');
		const measured = await page.evaluate(() => {
			const root = document.documentElement;
			const texts = [...document.querySelectorAll<HTMLElement>('.shell *')].filter((element) =>
				[...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
			);
			const sizeOf = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
			return {
				beyond: Math.max(root.scrollWidth - innerWidth, root.scrollHeight - innerHeight),
				smallest: Math.min(...texts.map(sizeOf)),
				figure: sizeOf(document.querySelector('[data-testid="kpi-stations"]')!)
			};
		});
		expect(measured.beyond).toBe(0);
		expect(measured.smallest).toBeGreaterThanOrEqual(18);
		expect(measured.figure).toBeGreaterThanOrEqual(56);
	});
}

test('can be read on a phone: nothing is wider than the screen', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await openWall(page);
	await expect(kpi(page, 'stations')).toHaveText('801');
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

/** Pixels of the points' canvas that are not empty. */
async function drawnPixels(page: Page): Promise<number> {
	return page
		.getByTestId('map')
		.locator('canvas')
		.first()
		.evaluate((canvas: HTMLCanvasElement) => {
			const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
			let drawn = 0;
			for (let i = 3; i < data.length; i += 4) if (data[i]) drawn++;
			return drawn;
		});
}
