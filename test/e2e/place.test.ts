import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { openFrame } from '#domain/frame.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { holdLine } from './live-line.ts';
import { sendEvent } from './send-event.ts';
import { answerTrend } from './trend-answer.ts';

interface Station {
	code: string;
	name: string;
	kind: string;
	telemetry: string;
	district: string;
	street: string | null;
}

let product: Product;
let person: SignedIn;
let station: Station;
/** of another district than `station` */
let other: Station;

test.beforeAll(async () => {
	// The demo city without its simulated day: what changes is what a test sent.
	product = await startProduct({ env: { DEMO: 'registry' } });
	person = await signIn(product);
	const { headers } = person;
	const response = await fetch(`${product.url}/api/state?scope=city`, { headers });
	const { stations } = (await response.json()) as { stations: Station[] };
	const live = stations.filter(
		({ kind, telemetry, street }) => kind === 'service_station' && telemetry === 'live' && street !== null
	);
	station = live[0]!;
	other = live.find(({ district }) => district !== station.district)!;
	await sendEvent(product, 'station.opened', station.code, {});
	await sendEvent(product, 'station.visited', station.code, { method: 'qr', occupation: 'courier', count: 7 });
	await sendEvent(product, 'station.visited', other.code, { method: 'qr', occupation: 'rider', count: 5 });
	await sendEvent(product, 'people.counted', station.code, { in: 3, out: 0, inside: 3 });
	await sendEvent(product, 'device.changed', station.code, { device: 'smoke-9', kind: 'smoke', state: 'fault' });
	await sendEvent(product, 'supply.changed', station.code, { item: '雨伞', quantity: 0 });
});

test.afterAll(async () => {
	await product.stop();
});

test.beforeEach(({ context }) => context.addCookies(person.cookies));

const kpi = (page: Page, id: string): Locator => page.getByTestId(`kpi-${id}`);
const badge = (page: Page): Locator => page.getByTestId('connection-badge');
const table = (page: Page): Locator => page.getByTestId('station-table').locator('table');
const paths = (): string[] => [
	'/districts',
	`/districts/${station.district}`,
	`/streets/${station.street}`,
	`/stations/${station.code}`
];

async function open(page: Page, path: string): Promise<void> {
	await page.goto(`${product.url}${path}`);
	await expect(badge(page)).toHaveAttribute('data-state', 'live');
}

/** Sum of a column of the table of places, by its place; a dash counts nothing. */
async function sumOf(page: Page, column: number): Promise<number> {
	const cells = await page
		.getByTestId('child-table')
		.locator(`tbody tr[data-index] td:nth-child(${column})`)
		.allTextContents();
	return cells.reduce((sum, text) => sum + (Number(text.replace(/[^\d]/gu, '')) || 0), 0);
}

test('[VI1] the districts add up to the city, and the streets to their district, in every figure shown', async ({
	page
}) => {
	for (const path of paths().slice(0, 2)) {
		await open(page, path);
		await expect(kpi(page, 'visits-today')).not.toHaveText('–');
		const rows = page.getByTestId('child-table').locator('tbody tr[data-index]');
		await expect(rows.first()).toBeVisible();
		for (const [column, id] of [
			[2, 'stations'],
			[3, 'open-stations'],
			[5, 'closed-unplanned'],
			[6, 'unknown'],
			[7, 'visits-today'],
			[8, 'inside-now']
		] as const) {
			const whole = Number((await kpi(page, id).textContent())!.replaceAll(',', ''));
			expect(await sumOf(page, column), `${id} of ${path}`).toBe(whole);
		}
	}
});

test('leads from the city down to a station and back up', async ({ page }) => {
	await open(page, '/districts');
	await page.getByTestId(`place-${station.district}`).getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/districts/${station.district}$`, 'u'));
	await page.getByTestId(`place-${station.street}`).getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/streets/${station.street}$`, 'u'));
	await page.getByTestId('table-filter').fill(station.name);
	await page.getByTestId(`row-${station.code}`).getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/stations/${station.code}$`, 'u'));
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(station.name);
	const crumbs = page.getByTestId('breadcrumb').getByRole('link');
	await expect(crumbs).toHaveCount(3);
	await crumbs.nth(2).click();
	await expect(page).toHaveURL(new RegExp(`/streets/${station.street}$`, 'u'));
	await crumbs.nth(1).click();
	await expect(page).toHaveURL(new RegExp(`/districts/${station.district}$`, 'u'));
	await crumbs.nth(0).click();
	await expect(page).toHaveURL(/\/districts$/u);
	await expect(kpi(page, 'stations')).toHaveText('801');
});

test('an event appended to the stream changes the figures of every level without a reload', async ({
	page,
	context
}) => {
	const pages = [page, await context.newPage(), await context.newPage()];
	for (const [index, path] of paths().slice(0, 3).entries()) await open(pages[index]!, path);
	const before = await Promise.all(
		pages.map(async (one) => {
			await expect(kpi(one, 'visits-today')).not.toHaveText('–');
			return Number((await kpi(one, 'visits-today').textContent())!.replaceAll(',', ''));
		})
	);
	await sendEvent(product, 'station.visited', station.code, { method: 'face', count: 4 });
	for (const [index, one] of pages.entries()) {
		await expect(kpi(one, 'visits-today')).toHaveText(String(before[index]! + 4));
	}
});

test('the table keeps its order, its filter and its columns over a reload', async ({ page }) => {
	await open(page, `/districts/${station.district}`);
	const sorted = table(page).getByRole('columnheader', { name: '今日服务' });
	await sorted.getByRole('button').click();
	await expect(sorted).toHaveAttribute('aria-sort', 'descending');
	await expect(table(page).locator('tbody tr[data-index="0"]')).toHaveAttribute('data-testid', `row-${station.code}`);
	await page.getByTestId('station-table').getByRole('button', { name: '列' }).click();
	await page.getByTestId('column-temperature').click();
	await page.getByTestId('column-code').click();
	await page.keyboard.press('Escape');
	const filter = page.getByTestId('station-table').getByTestId('table-filter');
	await filter.fill(station.code);
	await expect(table(page).locator('tbody tr[data-index]')).toHaveCount(1);

	await page.reload();
	await expect(filter).toHaveValue(station.code);
	await expect(table(page).locator('tbody tr[data-index]')).toHaveCount(1);
	await expect(sorted).toHaveAttribute('aria-sort', 'descending');
	await expect(table(page).getByRole('columnheader', { name: '温度' })).toHaveCount(0);
	await expect(table(page).getByRole('columnheader', { name: '编码' })).toBeVisible();
	// Somewhere else a filter of here would only hide rows.
	await open(page, `/districts/${other.district}`);
	await expect(filter).toHaveValue('');
});

test('the table of 801 stations is walked and opened with the keyboard, and holds few rows at a time', async ({
	page
}) => {
	await open(page, '/districts');
	const rows = table(page).locator('tbody tr[data-index]');
	await expect(rows.first()).toBeVisible();
	await expect(table(page)).toHaveAttribute('aria-rowcount', '802');
	expect(await rows.count()).toBeLessThan(80);
	await rows.first().focus();
	await page.keyboard.press('ArrowDown');
	await expect(table(page).locator('tr[data-index="1"]')).toBeFocused();
	await page.keyboard.press('End');
	await expect(table(page).locator('tr[data-index="800"]')).toBeFocused();
	await page.keyboard.press('Home');
	await expect(table(page).locator('tr[data-index="0"]')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/stations\/[^/]+$/u);
});

test('ranks the districts by what came of it, as one chooses', async ({ page }) => {
	await open(page, '/districts');
	const lines = page.getByTestId('ranking').locator('li');
	await expect(lines).toHaveCount(8);
	await page.getByTestId('rank-by-visits').click();
	await expect(page.getByTestId('ranking')).toHaveAttribute('data-by', 'visits');
	await expect(lines.first()).toHaveAttribute('data-testid', `rank-${station.district}`);
	await lines.first().getByRole('link').click();
	await expect(page).toHaveURL(new RegExp(`/districts/${station.district}$`, 'u'));
});

test('draws the hours of today with gaps, opening hours kept with the unknown apart, occupations and equipment', async ({
	page
}) => {
	await answerTrend(page, (hour) => (hour % 5 === 1 ? null : hour + 1));
	await open(page, `/districts/${station.district}`);
	const trend = page.getByTestId('trend-chart');
	await expect(trend.locator('.drawn svg text').first()).toBeVisible();
	if ((await trend.locator('tbody tr').count()) > 2) {
		await expect(page.getByTestId('trend-1').locator('td').first()).toHaveText('–');
	}
	const kept = page.getByTestId('fulfilment-chart');
	await expect(kept.locator('.drawn svg text').first()).toBeVisible();
	await expect(kept.locator('thead')).toContainText('未知');
	// Each chart has a hatch of its own: no two elements of one name.
	const ids = await page.locator('pattern').evaluateAll((all) => all.map(({ id }) => id));
	expect(new Set(ids).size).toBe(ids.length);
	await expect(page.getByTestId('occupation-courier')).toContainText('7');
	const equipment = page.getByTestId('equipment');
	await expect(equipment).toContainText(`${station.name}`);
	await expect(equipment).toContainText('烟感');
	await page.getByTestId('equipment-supplies').click();
	await expect(equipment).toContainText('雨伞 · 已用完');
	await page.getByTestId('equipment-kinds').click();
	await expect(page.getByTestId('kind-smoke')).toContainText('故障 1');
});

test('gives its own stations as a file, and shows them on the map', async ({ page }) => {
	await open(page, `/districts/${station.district}`);
	await expect(page.getByTestId('export-csv')).toHaveAttribute('href', new RegExp(station.district, 'u'));
	const href = (await page.getByTestId('export-geojson').getAttribute('href'))!;
	const file = (await (await page.request.get(`${product.url}${href}`)).json()) as { features: unknown[] };
	const listed = await page.request.get(`${product.url}/api/registry?scope=district:${station.district}`);
	expect(file.features).toHaveLength(((await listed.json()) as { sites: unknown[] }).sites.length);
	await page.getByTestId('open-map').click();
	await expect(page).toHaveURL(/\/map\?lng=120\.\d+&lat=31\.\d+&z=\d+/u);
});

test('codes that nobody has are pages that say what to do', async ({ page }) => {
	for (const [path, title] of [
		['/districts/NO-SUCH', '没有编码为“NO-SUCH”的区县'],
		['/streets/NO-SUCH', '没有编码为“NO-SUCH”的街道'],
		// A street is no district.
		[`/districts/${station.street}`, `没有编码为“${station.street}”的区县`]
	] as const) {
		const response = await page.goto(`${product.url}${path}`);
		expect(response?.status()).toBe(404);
		await expect(page.getByTestId('error-page')).toContainText(title);
		await expect(page.getByTestId('error-page')).toContainText('请核对编码');
	}
});

test('[FR5] ten minutes without a line: nothing of a place looks live; on return it heals and says what it caught up', async ({
	page
}) => {
	const line = await holdLine(page);
	await page.clock.install();
	for (const path of paths()) {
		line.mend();
		await open(page, path);
		const isStation = path.includes('/stations/');
		const root = page.getByTestId(isStation ? 'station' : 'place');
		await expect(root).toHaveAttribute('data-feed', 'fresh');
		await expect(page.getByTestId('fulfilment')).toHaveAttribute('data-freshness', 'fresh');
		await line.cut();
		await expect(badge(page)).toHaveAttribute('data-state', 'interrupted');
		await page.clock.fastForward(612_000);
		await expect(root).toHaveAttribute('data-feed', 'stale');

		const ages = await root
			.locator('[data-freshness]')
			.evaluateAll((all) => all.map((one) => [one.getAttribute('data-testid'), one.getAttribute('data-freshness')]));
		expect(ages.length).toBeGreaterThan(10);
		expect(ages.filter(([, age]) => age === 'fresh' || age === 'late')).toEqual([]);
		expect(await liveLooking(page)).toEqual([]);

		await sendEvent(product, 'people.counted', station.code, { in: 2, out: 0, inside: Math.floor(Math.random() * 40) });
		line.mend();
		await page.clock.fastForward(10_000);
		await expect(badge(page)).toHaveAttribute('data-state', 'live');
		await expect(root).toHaveAttribute('data-feed', 'fresh');
		await expect(page.getByTestId('notice').last()).toContainText(/断线 10 分 \d+ 秒，已补齐/u);
		await expect.poll(() => hatched(page.getByTestId('fulfilment-chart'))).toBe(false);
	}
});

test('nothing is asked of any other host, and nothing fails', async ({ page }) => {
	const hosts = new Set<string>();
	const problems: string[] = [];
	page.on('request', (request) => {
		const { host, protocol } = new URL(request.url());
		if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host);
	});
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
	});
	page.on('pageerror', (error) => problems.push(error.message));
	for (const path of paths()) {
		await open(page, path);
		await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	}
	expect([...hosts]).toEqual([new URL(product.url).host]);
	expect(problems).toEqual([]);
});

for (const theme of ['light', 'dark'] as const) {
	test(`axe finds nothing serious on the pages of places, ${theme}`, async ({ page }) => {
		await page.context().addCookies([{ name: 'yizhan-theme', value: theme, url: product.url }]);
		for (const path of paths()) {
			await open(page, path);
			await expect(page.getByTestId('fulfilment-chart').locator('.drawn svg text').first()).toBeVisible();
			// The demo's words across the page are there to be looked through.
			const { violations } = await new AxeBuilder({ page }).exclude('.watermark').analyze();
			const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
			expect(
				serious.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
			).toEqual([]);
		}
	});
}

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const) {
	for (const language of ['zh', 'en'] as const) {
		test(`fits ${width}×${height} (${language}): nothing wider than the screen, no name of a figure cut`, async ({
			page
		}) => {
			await page.setViewportSize({ width, height });
			await page.context().addCookies([{ name: 'yizhan-language', value: language, url: product.url }]);
			for (const path of paths()) {
				await open(page, path);
				await expect(page.getByTestId('fulfilment-chart').locator('.drawn svg text').first()).toBeVisible();
				expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBe(0);
				const cut = await page
					.locator('[data-testid^="tile-"] :is(b, .label:not(:has(b)), .value > span)')
					.evaluateAll((all) =>
						all
							.filter((one) => {
								const tile = one.closest('[data-testid^="tile-"]')!.getBoundingClientRect();
								return one.getBoundingClientRect().right > tile.right;
							})
							.map((one) => one.textContent)
					);
				expect(cut, path).toEqual([]);
			}
		});
	}
}

test.describe('somebody of one district', () => {
	let local: SignedIn;
	let own: string;

	test.beforeAll(async () => {
		own = station.district;
		local = await signIn(product, 'district_admin', `district:${own}`);
	});

	test.beforeEach(({ context }) => context.addCookies(local.cookies));

	test('begins at the map of their district, which knows its stations alone', async ({ page }) => {
		const state = await page.request.get(`${product.url}/api/state?scope=district:${own}`);
		const { stations } = (await state.json()) as { stations: Station[] };
		expect(stations.length).toBeGreaterThan(0);
		await open(page, '/');
		await expect(page).toHaveURL(/\/map/u);
		await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
		await expect(page.getByTestId('list-all')).toContainText(String(stations.length));
		await expect(page.getByTestId('registry-problem')).toHaveCount(0);
		const search = page.getByTestId('map-search');
		await search.fill(station.code.toLowerCase());
		await expect(page.getByTestId('map-search-hits').getByRole('option')).toHaveCount(1);
		await search.fill(other.code.toLowerCase());
		await expect(page.getByTestId('map-search-hits').getByRole('option')).toHaveCount(0);
	});

	test('opens their district and is led to it from the city; another one is a page that says whom to ask', async ({
		page
	}) => {
		await open(page, '/districts');
		await expect(page).toHaveURL(`${product.url}/districts/${own}`);
		await expect(kpi(page, 'visits-today')).not.toHaveText('–');
		// Which rows are in view depends on the hour: stations open and close.
		await expect(page.getByTestId('place').locator('[data-testid^="row-"]').first()).toBeVisible();
		for (const path of [`/districts/${other.district}`, `/streets/${other.street}`, `/stations/${other.code}`]) {
			const response = await page.goto(`${product.url}${path}`);
			expect([path, response?.status()]).toEqual([path, 403]);
			await expect(page.getByTestId('error-page')).toContainText('申请授权');
			await expect(page.getByTestId('error-page')).not.toContainText(other.name);
		}
		for (const door of ['state', 'registry', 'history']) {
			const refused = await page.request.get(`${product.url}/api/${door}?scope=district:${other.district}&period=3600`);
			expect([door, refused.status()]).toEqual([door, 403]);
			expect(((await refused.json()) as { code: string }).code).toBe('out_of_scope');
		}
	});

	test('never receives a frame of another scope, whatever page is opened and whatever happens elsewhere', async ({
		page
	}) => {
		const messages: Buffer[] = [];
		page.on('websocket', (socket) => {
			socket.on('framereceived', ({ payload }) => {
				if (typeof payload !== 'string') messages.push(payload);
			});
		});
		const visits = async (): Promise<number> =>
			Number((await kpi(page, 'visits-today').textContent())!.replaceAll(',', ''));
		for (const path of [`/stations/${station.code}`, `/map`, '/wall', `/districts/${own}`]) await open(page, path);
		await expect(kpi(page, 'visits-today')).not.toHaveText('–');
		const before = await visits();
		await sendEvent(product, 'station.visited', other.code, { method: 'qr', count: 11 });
		await sendEvent(product, 'station.visited', station.code, { method: 'qr', count: 2 });
		await expect.poll(visits).toBe(before + 2);
		for (const path of [`/districts/${other.district}`, `/stations/${other.code}`])
			await page.goto(`${product.url}${path}`);

		const frames = await Promise.all(messages.map((message) => openFrame(new Uint8Array(message))));
		const topics = new Set(frames.map(({ topic }) => topic));
		expect([...topics].toSorted()).toEqual([`district:${own}`, `station:${station.code}`]);
		const districts = frames.flatMap(({ directory }) => directory?.sites.map(({ district }) => district) ?? []);
		expect(new Set(districts)).toEqual(new Set([own]));
		// The names of all areas are no secret: the map of everybody has them.
		const told = JSON.stringify(frames.map(({ directory, occupations }) => [directory?.sites, occupations]));
		for (const word of [other.code, other.name, other.street!]) expect(told).not.toContain(word);
	});
});

const hatched = (locator: Locator): Promise<boolean> =>
	locator.evaluate((element) => getComputedStyle(element).backgroundImage.includes('repeating-linear-gradient'));

/** What ought to look old and does not: tables, charts and lists without a hatch. */
async function liveLooking(page: Page): Promise<string[]> {
	const parts = page.locator(
		'table[aria-label], table:not(figure table), [data-testid="trend-chart"], [data-testid="fulfilment-chart"], ' +
			'[data-testid="ranking"] ol, [data-testid="occupation"], [data-testid="equipment"] ul'
	);
	const live: string[] = [];
	for (const part of await parts.all()) {
		if (!(await hatched(part)))
			live.push((await part.getAttribute('data-testid')) ?? (await part.innerText()).slice(0, 60));
	}
	return live;
}
