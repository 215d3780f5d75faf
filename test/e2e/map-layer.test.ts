import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';

let product: Product;
let person: SignedIn;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
});

test.afterAll(async () => {
	await product.stop();
});

test.beforeEach(({ context }) => context.addCookies(person.cookies));

const map = (page: Page) => page.getByTestId('map');
const container = (page: Page) => map(page).getByRole('application');

async function openMap(page: Page, query: string): Promise<void> {
	await page.goto(`${product.url}/map?${query}`);
	await expect(map(page)).toHaveAttribute('data-ready', 'true');
	await expect(page).toHaveURL(/lng=.*lat=.*z=/u);
}

/** Opaque pixels of the points' canvas, and how light they are on average (0 … 255). */
async function paint(page: Page): Promise<{ pixels: number; lightness: number }> {
	return map(page)
		.locator('canvas[data-layer="points"]')
		.evaluate((canvas: HTMLCanvasElement) => {
			const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
			let [pixels, sum] = [0, 0];
			for (let i = 0; i < data.length; i += 4) {
				if (data[i + 3]! < 200) continue;
				pixels++;
				sum += (data[i]! + data[i + 1]! + data[i + 2]!) / 3;
			}
			return { pixels, lightness: pixels && sum / pixels };
		});
}

test('the points follow the theme without a move of the map', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await openMap(page, 'lng=120.3&lat=31.57&z=12');
	const light = await paint(page);
	expect(light.pixels).toBeGreaterThan(1_000);
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect.poll(async () => (await paint(page)).lightness).toBeLessThan(light.lightness - 40);
	expect((await paint(page)).pixels).toBe(light.pixels);
});

test('from far away numbers stand for the points; one is pressed and its area comes near', async ({ page }) => {
	await openMap(page, 'lng=120.3&lat=31.57&z=8.75');
	const glyphs = map(page).locator('.map-glyph');
	await expect(glyphs).toHaveCount(8);
	expect((await paint(page)).pixels).toBe(0);
	const label = await glyphs.first().getAttribute('aria-label');
	expect(label).toMatch(/\d+/u);
	await glyphs.first().focus();
	await page.keyboard.press('Enter');
	await expect(glyphs).toHaveCount(0);
	await expect.poll(async () => (await paint(page)).pixels).toBeGreaterThan(500);
});

test('an area of which nobody told anything is hatched, never coloured', async ({ page }) => {
	await openMap(page, 'color=visitsToday&by=district&lng=120.3&lat=31.57&z=10');
	const areas = map(page).locator('.map-district');
	await expect(areas.first()).toHaveAttribute('data-shade', 'unknown');
	const fills = await areas.evaluateAll((paths) => paths.map((path) => getComputedStyle(path).fill));
	expect(fills.length).toBeGreaterThan(0);
	for (const fill of fills) expect(fill).toMatch(/^url\("#map-hatch/u);
});

test('the count that the registry knows is coloured by its fixed class', async ({ page }) => {
	await openMap(page, 'color=stations&by=district&lng=120.3&lat=31.57&z=10');
	const areas = map(page).locator('.map-district');
	const shades = async (): Promise<(string | null)[]> =>
		areas.evaluateAll((paths) => [...new Set(paths.map((path) => path.getAttribute('data-shade')))]);
	// The areas come after the points.
	await expect.poll(async () => (await shades()).length).toBeGreaterThan(1);
	expect(await shades()).not.toContain('unknown');
});

test('arrow keys move the map, and Enter chooses the station in its middle', async ({ page }) => {
	await openMap(page, 'lng=120.3&lat=31.57&z=12');
	const before = page.url();
	await container(page).focus();
	await page.keyboard.press('ArrowRight');
	await expect.poll(() => page.url()).not.toBe(before);
	await expect(map(page).getByTestId('map-credits')).toContainText('GSHHG');
});

test('nothing is animated and nothing is drawn while nothing changes', async ({ page }) => {
	await openMap(page, 'lng=120.3&lat=31.57&z=12');
	const running = await page.evaluate(() =>
		document
			.getAnimations()
			.filter(
				({ effect, playState }) =>
					playState === 'running' &&
					effect instanceof KeyframeEffect &&
					effect.target?.closest('[data-testid="map"]') !== null
			)
			.map(String)
	);
	expect(running).toEqual([]);
});
