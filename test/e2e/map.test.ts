import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { freePort } from '#test/support/free-port.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { tempDir } from '#test/support/temp-dir.ts';
import { holdLine } from './live-line.ts';
import { sendEvent, smartStations } from './send-event.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

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

const rows = (page: Page) => page.getByTestId('station-rows');
const marked = (page: Page) => rows(page).locator('[aria-selected="true"]');
const sheet = (page: Page) => page.getByTestId('station-sheet');
/** `图中 123` → 123 */
const count = async (page: Page, which: 'seen' | 'all') =>
	Number((await page.getByTestId(`list-${which}`).innerText()).replace(/\D/gu, ''));

/** Opens a view and waits until the map stands and the list is there. */
async function openMap(page: Page, query = '', at = product): Promise<void> {
	await page.goto(`${at.url}/map${query}`);
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	// The address is written once the map has told where it stands.
	await expect(page).toHaveURL(/lng=.*lat=.*z=/u);
}

/** The part of the address that says where the map stands. */
const placeIn = (page: Page): string => {
	const { searchParams } = new URL(page.url());
	return ['lng', 'lat', 'z'].map((name) => searchParams.get(name)).join();
};

test('shows the city and lists what is in view, with nothing asked of any other host', async ({ page }) => {
	const hosts = new Set<string>();
	const problems: string[] = [];
	await page.route(
		(url) => url.host !== new URL(product.url).host,
		(route) => route.abort()
	);
	page.on('request', (request) => {
		const { host, protocol } = new URL(request.url());
		if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host);
	});
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
	});
	page.on('pageerror', (error) => problems.push(error.message));
	await openMap(page);
	await expect(rows(page).getByRole('option').first()).toBeVisible();
	await expect.poll(() => count(page, 'seen')).toBe(801);
	await expect(page.getByTestId('map-legend')).toBeVisible();
	expect([...hosts]).toEqual([new URL(product.url).host]);
	expect(problems).toEqual([]);
});

test('the list follows the extent of the map, or shows all', async ({ page }) => {
	await openMap(page, '?lng=120.3&lat=31.57&z=13');
	const seen = await count(page, 'seen');
	expect(seen).toBeGreaterThan(0);
	expect(seen).toBeLessThan(400);
	expect(await count(page, 'all')).toBe(801);
	await page.getByTestId('map').getByRole('application').focus();
	await page.keyboard.press('-');
	await expect.poll(() => count(page, 'seen')).toBeGreaterThan(seen);
	await page.getByTestId('list-all').click();
	await expect(rows(page).getByRole('option').first()).toHaveAttribute('aria-setsize', '801');
	await expect(page.getByTestId('spoken-counts')).toContainText('共 801');
});

test('arrow keys walk the stations and mark them on the map; Enter opens the card, Escape leads back', async ({
	page
}) => {
	await openMap(page, '?sort=name');
	const chosen = page.locator('.map-chosen');
	await expect(chosen).toHaveCount(0);
	await rows(page).focus();
	await page.keyboard.press('ArrowDown');
	await expect(marked(page)).toHaveAttribute('aria-posinset', '1');
	await expect(chosen).toBeVisible();
	const first = await chosen.getAttribute('style');
	await page.keyboard.press('ArrowDown');
	await expect(marked(page)).toHaveAttribute('aria-posinset', '2');
	expect(await chosen.getAttribute('style')).not.toBe(first);
	await expect(sheet(page)).toHaveCount(0);
	await expect(rows(page)).toHaveAttribute('aria-activedescendant', (await marked(page).getAttribute('id'))!);

	await page.keyboard.press('Enter');
	await expect(sheet(page)).toBeVisible();
	await expect(sheet(page).getByRole('heading', { level: 2 })).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(sheet(page)).toHaveCount(0);
	await expect(rows(page)).toBeFocused();
	await page.keyboard.press('End');
	await expect(marked(page)).toHaveAttribute('aria-posinset', String(await count(page, 'seen')));
});

test('filters act on list and map at once, stand as chips, and can be taken off', async ({ page }) => {
	await openMap(page);
	await page.getByTestId('filters-open').click();
	await page.getByTestId('filter-telemetry-live').click();
	await page.getByTestId('filter-facility-微波炉').click();
	const matches = Number((await page.getByTestId('filter-matches').innerText()).replace(/\D/gu, ''));
	expect(matches).toBeGreaterThan(0);
	expect(matches).toBeLessThan(801);
	await page.keyboard.press('Escape');
	expect(await count(page, 'seen')).toBe(matches);
	await expect(page.getByTestId('chip-facility-微波炉')).toBeVisible();
	await expect(page).toHaveURL(/telemetry=live/u);
	await page.getByTestId('chip-telemetry-live').click();
	await expect(page.getByTestId('chip-telemetry-live')).toHaveCount(0);
	expect(await count(page, 'all')).toBeGreaterThan(matches);
	await page.getByTestId('chip-facility-微波炉').click();
	await expect(page.getByTestId('filter-chips')).toHaveCount(0);
	expect(await count(page, 'all')).toBe(801);
});

test('where nothing fits it says which filter to drop', async ({ page }) => {
	await openMap(page, '?status=closed_unplanned&telemetry=live');
	await expect(page.getByTestId('no-match')).toBeVisible();
	await expect(page.getByTestId('drop-telemetry')).toHaveCount(0);
	await page.getByTestId('drop-status').click();
	await expect(page.getByTestId('no-match')).toHaveCount(0);
	await expect.poll(() => count(page, 'all')).toBe(stations.length);
});

test('finds by name, pinyin and code from the keyboard, and goes there because it was asked', async ({ page }) => {
	await openMap(page);
	const before = placeIn(page);
	const search = page.getByTestId('map-search');
	await search.fill('zjsq');
	await expect(page.getByTestId('map-search-hits').getByRole('option').first()).toContainText('张泾');
	await search.fill(stations[7]!.toLowerCase());
	await expect(page.getByTestId('map-search-hits').getByRole('option')).toHaveCount(1);
	await search.press('Enter');
	await expect(sheet(page)).toHaveAttribute('data-code', stations[7]!);
	await expect.poll(() => placeIn(page)).not.toBe(before);
	await expect(page).toHaveURL(/z=15/u);
});

test('a share link shows exactly the same view', async ({ page, context }) => {
	await openMap(page, '?lng=120.3&lat=31.57&z=12');
	await page.getByTestId('layers-open').click();
	await page.getByTestId('layer-kind-nursing_room').click();
	await page.getByTestId('layer-colour').selectOption('stations');
	await page.getByTestId('layer-by-street').click();
	await page.getByTestId('layer-labels').uncheck();
	await page.keyboard.press('Escape');
	await page.getByTestId('sort').selectOption('name');
	await rows(page).getByRole('option').nth(1).click();
	const code = (await sheet(page).getAttribute('data-code'))!;
	const seen = await count(page, 'seen');
	await page.getByTestId('share-open').click();
	const link = await page.getByTestId('share-link').inputValue();
	await expect(page).toHaveURL(link);

	const other = await context.newPage();
	await other.goto(link);
	await expect(sheet(other)).toHaveAttribute('data-code', code);
	await expect.poll(() => count(other, 'seen')).toBe(seen);
	await expect(other.getByTestId('sort')).toHaveValue('name');
	await other.getByTestId('layers-open').click();
	await expect(other.getByTestId('layer-labels')).not.toBeChecked();
	await expect(other.getByTestId('layer-colour')).toHaveValue('stations');
	await other.keyboard.press('Escape');
	await other.getByTestId('share-open').click();
	await expect(other.getByTestId('share-link')).toHaveValue(link);
});

test('the card never hides what was chosen, though the view stays', async ({ page }) => {
	await openMap(page);
	const before = placeIn(page);
	const east = await eastmost();
	await page.goto(`${page.url()}&site=${east}`);
	await expect(sheet(page)).toBeVisible();
	await expect
		.poll(async () => {
			const mark = (await page.locator('.map-chosen').boundingBox())!;
			const card = (await sheet(page).boundingBox())!;
			return mark.x > card.x + card.width || mark.x + mark.width < card.x;
		})
		.toBe(true);
	expect(placeIn(page)).toBe(before);
});

/** Code of the service station furthest east. */
async function eastmost(): Promise<string> {
	const response = await fetch(`${product.url}/api/state?scope=city`, { headers: person.headers });
	const state = (await response.json()) as { stations: { code: string; kind: string; lng: number | null }[] };
	const own = state.stations.filter(({ kind, lng }) => kind === 'service_station' && lng !== null);
	return own.toSorted((a, b) => b.lng! - a.lng!)[0]!.code;
}

test('back from a station shows the map as it was left', async ({ page }) => {
	await openMap(page, '?lng=120.3&lat=31.57&z=12');
	await rows(page).getByRole('option').first().click();
	await expect(page).toHaveURL(/site=/u);
	const left = page.url();
	await page.getByTestId('sheet-open').click();
	await expect(page).toHaveURL(/\/stations\//u);
	await page.goBack();
	await expect(page).toHaveURL(left);
	await expect(sheet(page)).toBeVisible();
	await expect.poll(() => placeIn(page)).toBe('120.30000,31.57000,12');
});

test('data never moves the view, and the card grows with it', async ({ page }) => {
	const station = stations[3]!;
	await openMap(page, `?lng=120.3&lat=31.57&z=12.5&site=${station}`);
	await expect(page.getByTestId('sheet-visits')).toHaveText('–');
	await expect(page.getByTestId('sheet-temperature')).toHaveText('–');
	const before = page.url();
	const pane = page.locator('.leaflet-map-pane');
	const transform = await pane.getAttribute('style');
	await sendEvent(product, 'station.opened', station, {});
	await sendEvent(product, 'station.visited', station, { method: 'face', count: 2 });
	for (const other of stations.slice(20, 60)) await sendEvent(product, 'station.opened', other, {});
	await expect(page.getByTestId('sheet-visits')).toHaveText('2');
	await expect(page.getByTestId('sheet-status')).toHaveAttribute('data-status', 'open');
	await expect(page.getByTestId('sheet-age')).toContainText('前上报');
	expect(await pane.getAttribute('style')).toBe(transform);
	expect(page.url()).toBe(before);
});

test('a registry that cannot be read is said; names, status and codes still work', async ({ page }) => {
	await page.route('**/api/registry*', (route) => route.fulfill({ status: 503, body: '{}' }));
	await openMap(page, '?facility=AED');
	await expect(page.getByTestId('registry-problem')).toContainText('名册未能读取');
	await expect(page.getByTestId('chip-facility-AED')).toHaveAttribute('title', /暂未生效/u);
	expect(await count(page, 'all')).toBe(801);
	await page.unroute('**/api/registry*');
	await page.getByTestId('registry-problem').getByRole('button').click();
	await expect(page.getByTestId('registry-problem')).toHaveCount(0);
	await expect.poll(() => count(page, 'all')).toBeLessThan(801);
});

test('without a line the list is grey and says how old it is', async ({ page }) => {
	const line = await holdLine(page);
	await page.clock.install();
	await openMap(page);
	await expect(page.getByTestId('map-page')).toHaveAttribute('data-feed', 'fresh');
	await line.cut();
	await page.clock.fastForward(75_000);
	await expect(page.getByTestId('map-page')).toHaveAttribute('data-feed', 'stale');
	await expect(page.getByTestId('feed-stale')).toContainText('已断线');
	line.mend();
	await page.clock.fastForward(10_000);
	await expect(page.getByTestId('feed-stale')).toHaveCount(0);
});

test('a server that is not there at all is said', async ({ page }) => {
	const line = await holdLine(page);
	await line.cut();
	await page.goto(`${product.url}/map`);
	await expect(page.getByTestId('no-line')).toBeVisible();
	line.mend();
	await expect(rows(page)).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
	test(`axe finds nothing serious, with filters and a card open, ${theme}`, async ({ page }) => {
		await page.emulateMedia({ colorScheme: theme });
		await openMap(page, `?site=${stations[0]}&status=open,unknown,closed_planned&color=open`);
		await expect(sheet(page)).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
		await page.getByTestId('filters-open').click();
		await expect(page.getByTestId('filter-panel')).toBeVisible();
		expect(await seriousFindings(page)).toEqual([]);
	});
}

async function seriousFindings(page: Page): Promise<string[]> {
	// The demo's words across the page are there to be looked through.
	const { violations } = await new AxeBuilder({ page }).exclude('.watermark').analyze();
	return violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const) {
	test(`fits ${width}×${height}: nothing is wider or higher than the screen`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await openMap(page, `?site=${stations[0]}`);
		await expect(sheet(page)).toBeVisible();
		const beyond = await page.evaluate(() => {
			const { scrollWidth, scrollHeight } = document.documentElement;
			return [scrollWidth - innerWidth, scrollHeight - innerHeight];
		});
		expect(beyond).toEqual([0, 0]);
	});
}

test.describe('a registry of its own', () => {
	let small: Product;
	let visitor: SignedIn;
	const folder = tempDir('map');

	test.beforeAll(async () => {
		const basemap = join(folder.path, 'basemap');
		mkdirSync(basemap, { recursive: true });
		// Nobody listens there: every tile fails.
		const tiles = [{ url: `http://127.0.0.1:${await freePort()}/{z}/{x}/{y}.png` }];
		writeFileSync(join(basemap, 'map.json'), JSON.stringify({ tiles }));
		small = await startProduct({ dataDir: folder.path });
		visitor = await signIn(small);
	});

	// A browser keeps one session for all ports of a machine: the one of this product.
	test.beforeEach(({ context }) => context.addCookies(visitor.cookies));

	test.afterAll(async () => {
		await small.stop();
		folder.remove();
	});

	test('an empty one says so, and sites that are imported come by themselves', async ({ page }) => {
		await page.goto(`${small.url}/map`);
		await expect(page.getByTestId('registry-empty')).toBeVisible();
		await importSites(small);
		await expect(rows(page).getByRole('option')).toHaveCount(4);
		await expect(page.getByTestId('registry-empty')).toHaveCount(0);
		await rows(page).getByRole('option').first().click();
		await expect(sheet(page).getByTestId('sheet-address')).toContainText('号');
	});

	test('stations at one place fan out, and each can be chosen', async ({ page }) => {
		await importSites(small);
		await openMap(page, '?lng=120.3&lat=31.57&z=16', small);
		await expect.poll(() => count(page, 'seen')).toBe(4);
		const box = (await page.getByTestId('map').boundingBox())!;
		await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
		const members = page.locator('.map-fan button');
		await expect(members).toHaveCount(3);
		await expect(sheet(page)).toHaveCount(0);
		await members
			.filter({ has: page.locator('canvas') })
			.nth(1)
			.click();
		await expect(sheet(page)).toBeVisible();
		expect(['F1', 'F2', 'F3']).toContain(await sheet(page).getAttribute('data-code'));
	});

	test('tiles that fail are put away and said; the embedded map stays', async ({ page }) => {
		await importSites(small);
		await openMap(page, '?lng=120.3&lat=31.57&z=11', small);
		await expect(page.getByTestId('map')).toHaveAttribute('data-tiles-failed', 'true');
		await expect(page.locator('.map-tiles')).toHaveCount(0);
		await expect(page.getByTestId('map').locator('svg path').first()).toBeAttached();
		await expect(rows(page).getByRole('option')).toHaveCount(4);
	});
});

/** Three sites at one place and one beside it; a second time nothing changes. */
async function importSites({ dataDir }: Product): Promise<void> {
	const file = join(dataDir, 'sites.csv');
	const lines = [
		'编号,名称,区县,街道,地址,经度,纬度,开放时间',
		'F1,崇安寺驿站甲,梁溪区,崇安寺街道,中山路 1 号,120.3,31.57,24小时',
		'F2,崇安寺驿站乙,梁溪区,崇安寺街道,中山路 1 号,120.3,31.57,24小时',
		'F3,崇安寺驿站丙,梁溪区,崇安寺街道,中山路 1 号,120.3,31.57,24小时',
		'F4,南禅寺驿站,梁溪区,崇安寺街道,解放路 9 号,120.303,31.571,08:00-18:00'
	];
	writeFileSync(file, lines.join('\n'));
	const args = ['server/cli/main.ts', 'import', 'stations', file, '--datum', 'wgs84'];
	const env = { ...process.env, DATA_DIR: dataDir };
	await promisify(execFile)(join(root, 'node_modules/.bin/node'), args, { cwd: root, env });
}
