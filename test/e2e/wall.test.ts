import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { holdLine } from './live-line.ts';
import { sendEvent, smartStations } from './send-event.ts';
import { answerTrend } from './trend-answer.ts';

let product: Product;
let person: SignedIn;
let stations: string[];

test.beforeAll(async () => {
	// The demo city without its simulated day: what changes is what a test sent.
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
	stations = await smartStations(product, person);
});

test.afterAll(async () => {
	await product.stop();
});

test.beforeEach(({ context }) => context.addCookies(person.cookies));

const kpi = (page: Page, id: string) => page.getByTestId(`kpi-${id}`);
const badge = (page: Page) => page.getByTestId('connection-badge');

async function openWall(page: Page): Promise<void> {
	await page.goto(`${product.url}/wall`);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
}

test('the address of the product leads to the wall, or to the sign-in who is nobody yet', async ({ page, context }) => {
	await page.goto(product.url);
	await expect(page).toHaveURL(`${product.url}/wall`);
	await expect(kpi(page, 'stations')).toHaveText('801');
	await context.clearCookies();
	await page.goto(product.url);
	await expect(page).toHaveURL(`${product.url}/sign-in`);
	await page.goto(`${product.url}/map?z=12`);
	await expect(page).toHaveURL(`${product.url}/sign-in?next=${encodeURIComponent('/map?z=12')}`);
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

for (const [width, height, language] of [
	[1920, 1080, 'zh'],
	[3840, 1080, 'zh'],
	[1920, 1080, 'en'],
	[3840, 1080, 'en']
] as const) {
	const size = `${width}×${height} (${language})`;
	test(`fits ${size}: no scroll bar, no overlap, no text under 18 px, figures of 56 px and more`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await speak(page, language);
		await openWall(page);
		await expect(page.getByTestId('trend-chart').locator('svg text').first()).toBeVisible();
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
				figure: sizeOf(document.querySelector('[data-testid="kpi-stations"]')!),
				overlaps: overlapsOf([
					...document.querySelectorAll('[data-testid="wall"] section, [data-testid="wall-map"], header')
				]),
				cut: [...document.querySelectorAll('[data-testid="wall"] section > *')]
					.filter((part) => part.getBoundingClientRect().bottom > part.parentElement!.getBoundingClientRect().bottom)
					.map((part) => part.textContent)
			};

			/** Pairs of boxes that lie over each other and are not one in the other. */
			function overlapsOf(boxes: Element[]): string[] {
				return boxes.flatMap((one, index) =>
					boxes.slice(index + 1).flatMap((other) => {
						if (one.contains(other) || other.contains(one)) return [];
						const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
						const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
						return isApart ? [] : [`${one.textContent} × ${other.textContent}`];
					})
				);
			}
		});
		expect(measured.beyond).toBe(0);
		expect(measured.smallest).toBeGreaterThanOrEqual(18);
		expect(measured.figure).toBeGreaterThanOrEqual(56);
		expect(measured.overlaps).toEqual([]);
		expect(measured.cut).toEqual([]);
	});
}

test('can be read on a phone: nothing is wider than the screen', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await openWall(page);
	await expect(kpi(page, 'stations')).toHaveText('801');
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
});

test('shows the layers of its map in turn, and stays where somebody touches it', async ({ page }) => {
	await page.clock.install();
	const [first = ''] = stations;
	await sendEvent(product, 'station.visited', first, { method: 'qr' });
	await openWall(page);
	const map = page.getByTestId('wall-map');
	const seen = new Set<string | null>();
	for (let turn = 0; turn < 4; turn++) {
		seen.add(await map.getAttribute('data-layer'));
		await page.clock.fastForward(30_000);
	}
	expect([...seen]).toEqual(expect.arrayContaining(['points', 'visits']));

	await page.getByTestId('map').click({ position: { x: 20, y: 300 } });
	await expect(map).toHaveAttribute('data-held', 'true');
	const held = await map.getAttribute('data-layer');
	for (let turn = 0; turn < 3; turn++) {
		await page.clock.fastForward(30_000);
		await expect(map).toHaveAttribute('data-layer', held ?? '');
	}
	// Every frame sets the page's clock by the server's again.
	await expect(async () => {
		await page.clock.fastForward(40_000);
		await expect(map).toHaveAttribute('data-held', 'false', { timeout: 500 });
	}).toPass();
});

test('shows one layer alone when its address says so, with a legend of its classes', async ({ page }) => {
	await page.clock.install();
	await page.goto(`${product.url}/wall?layer=visits`);
	const map = page.getByTestId('wall-map');
	for (let turn = 0; turn < 3; turn++) {
		await expect(map).toHaveAttribute('data-layer', 'visits');
		await page.clock.fastForward(30_000);
	}
	await expect(page.getByTestId('map-legend')).toContainText('今日服务');
});

test('draws the day by its hours, with a gap where nobody reported and the hour that is not over', async ({ page }) => {
	await answerTrend(page, (hour) => (hour % 5 === 1 ? null : hour + 1));
	await openWall(page);
	const chart = page.getByTestId('trend-chart');
	await expect(chart.locator('svg text').first()).toBeVisible();
	await expect(page.getByTestId('trend-as-of')).toContainText(/\d\d:\d\d/u);
	const rows = await chart.locator('tbody tr').allTextContents();
	const now = rows.length - 1;
	expect(rows[now]).toContain('至今');
	if (now > 1) expect(await page.getByTestId('trend-1').locator('td').first().textContent()).toBe('–');
	// A bar for each hour that somebody told of, and none for the others.
	const told = rows.filter((_row, hour) => hour % 5 !== 1).length;
	await expect(chart.locator('svg path[fill="var(--chart-now)"]')).toHaveCount(now % 5 === 1 ? told : told - 1);
	await expect(chart.locator('svg path[fill="var(--chart-open)"]')).toHaveCount(now % 5 === 1 ? 0 : 1);
});

test('keeps a trend that can no longer be fetched, and lets it grow old', async ({ page }) => {
	await page.clock.install();
	const answer = await answerTrend(page, (hour) => hour);
	await openWall(page);
	const trend = page.getByTestId('trend');
	await expect(trend).toHaveAttribute('data-freshness', 'fresh');
	answer.fail();
	await page.clock.fastForward(9 * 60_000);
	await expect(trend).toHaveAttribute('data-freshness', /late|stale/u);
	await page.clock.fastForward(20 * 60_000);
	await expect(trend).toHaveAttribute('data-freshness', 'stale');
	await expect(trend.locator('tbody tr').first()).toBeAttached();
});

test('the occupations of today add up to the visits of today', async ({ page }) => {
	const [first = '', second = ''] = stations;
	const list = page.getByTestId('occupation');
	const numberIn = (text: string | null): number => Number(text?.replaceAll(',', ''));
	const visits = async (): Promise<number> => numberIn(await kpi(page, 'visits-today').textContent());
	const sum = async (): Promise<number> =>
		(await list.locator('.count').allTextContents()).reduce((total, text) => total + numberIn(text), 0);
	await openWall(page);
	await sendEvent(product, 'station.visited', first, { method: 'qr', occupation: 'courier', count: 41 });
	await expect(page.getByTestId('occupation-courier')).toContainText('41');
	const before = await visits();
	await sendEvent(product, 'station.visited', second, { method: 'qr', occupation: 'rider', count: 17 });
	await sendEvent(product, 'station.visited', second, { method: 'qr', occupation: 'mall_staff', count: 4 });
	await sendEvent(product, 'station.visited', second, { method: 'manual', count: 8 });
	await expect.poll(visits).toBe(before + 29);
	await expect.poll(sum).toBe(before + 29);
	await expect(page.getByTestId('occupation-unknown')).toBeVisible();
	const shown = (await list.boundingBox())!;
	for (const row of await list.locator('li').all()) {
		const box = (await row.boundingBox())!;
		expect(box.x + box.width).toBeLessThanOrEqual(shown.x + shown.width + 1);
	}
});

test('draws nothing while nothing changes', async ({ page }) => {
	// A station that grows old changes its look: those that spoke in other tests begin anew.
	await openWall(page);
	const before = Number(await kpi(page, 'visits-today').textContent()) || 0;
	for (const code of stations.slice(0, 2)) await sendEvent(product, 'station.visited', code, { method: 'qr' });
	await expect(kpi(page, 'visits-today')).toHaveText(String(before + 2));
	await page.clock.install();
	await page.goto(`${product.url}/wall?layer=points`);
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	await page.evaluate(() => {
		const counted = { draws: 0 };
		Object.assign(window, { counted });
		const { clearRect } = CanvasRenderingContext2D.prototype;
		CanvasRenderingContext2D.prototype.clearRect = function (...box) {
			counted.draws++;
			clearRect.apply(this, box);
		};
	});
	// The ground may come after the map: what is counted begins once the picture stands.
	const drawn = () => page.evaluate(() => (window as unknown as { counted: { draws: number } }).counted.draws);
	await expect
		.poll(async () => {
			const before = await drawn();
			await new Promise((resolve) => setTimeout(resolve, 1_000));
			return (await drawn()) - before;
		})
		.toBe(0);
	const stands = await drawn();
	await page.clock.fastForward(5_000);
	const moving = await page.evaluate(
		() => document.getAnimations().filter(({ playState }) => playState === 'running').length
	);
	expect(moving).toBe(0);
	expect((await drawn()) - stands).toBe(0);
});

test('loads itself anew when a part of the page is gone after an upgrade', async ({ page }) => {
	await openWall(page);
	const loaded = page.waitForEvent('load');
	await page.evaluate(() => window.dispatchEvent(new Event('vite:preloadError')));
	await loaded;
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
});

test('an empty city says how stations get in', async ({ page, context }) => {
	const empty = await startProduct();
	try {
		await context.addCookies((await signIn(empty)).cookies);
		await page.goto(`${empty.url}/wall`);
		await expect(page.getByTestId('wall-empty')).toContainText('导入');
		await expect(kpi(page, 'stations')).toHaveText('0');
	} finally {
		await empty.stop();
	}
});

async function speak(page: Page, language: 'zh' | 'en'): Promise<void> {
	await page.context().addCookies([{ name: 'yizhan-language', value: language, url: product.url }]);
}

/** Pixels of the points' canvas that are not empty. */
async function drawnPixels(page: Page): Promise<number> {
	return page
		.getByTestId('map')
		.locator('canvas[data-layer="points"]')
		.first()
		.evaluate((canvas: HTMLCanvasElement) => {
			const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
			let drawn = 0;
			for (let i = 3; i < data.length; i += 4) if (data[i]) drawn++;
			return drawn;
		});
}
