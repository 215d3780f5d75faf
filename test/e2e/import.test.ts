import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn } from '#test/support/sign-in.ts';

const SHARED_DATA =
	process.env['YIZHAN_SHARED_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const ZHENGZHOU = `${SHARED_DATA}/stations/zhengzhou_union_stations.json`;

interface Upload {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

const csv = (name: string, lines: readonly string[]): Upload => ({
	name,
	mimeType: 'text/csv',
	buffer: Buffer.from(lines.join('\n'), 'utf8')
});

/**
 * Where the real list is not at hand, one made up like it, in GCJ-02: 82 stations of three districts. Eight pairs stand 400 m
 * apart on both sides of a border, so that a datum that is off by 550 m to the east puts them across it; four state a district
 * that lies elsewhere.
 */
function listLikeZhengzhou(): Upload {
	const places: (readonly [district: string, lng: number, lat: number])[] = [];
	const grid = (district: string, columns: number, rows: number, lng: number, lat: number): void => {
		for (let place = 0; place < columns * rows; place++)
			places.push([district, lng + (place % columns) * 0.01, lat + Math.floor(place / columns) * 0.01]);
	};
	grid('西区', 6, 4, 113.5, 34.7);
	grid('东区', 6, 4, 113.85, 34.7);
	grid('南区', 7, 2, 113.65, 34.3);
	for (let pair = 0; pair < 8; pair++)
		places.push(['西区', 113.698, 34.6 + pair * 0.018], ['东区', 113.7024, 34.6 + pair * 0.018]);
	for (const lng of [113.505, 113.545, 113.855, 113.895]) places.push(['南区', lng, 34.715]);
	const rows = places.map(([district, lng, lat], index) => ({
		name: `驿站 ${index}`,
		address: `路 ${index} 号`,
		district,
		lng,
		lat,
		open_hours: '08:00-20:00'
	}));
	return { name: 'zhengzhou.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(rows)) };
}

const zhengzhou = (): Upload =>
	existsSync(ZHENGZHOU)
		? { name: 'zhengzhou.json', mimeType: 'application/json', buffer: readFileSync(ZHENGZHOU) }
		: listLikeZhengzhou();

let product: Product;

// Every test begins with an empty registry, so with a product of its own.
test.beforeEach(async ({ context }) => {
	product = await startProduct();
	await context.addCookies((await signIn(product, 'district_admin')).cookies);
});

test.afterEach(async () => {
	await product.stop();
});

async function choose(page: Page, file: Upload): Promise<void> {
	await page.getByTestId('file-input').setInputFiles(file);
	await expect(page.getByTestId('file-facts')).toContainText(file.name);
}

async function openDesk(page: Page, file: Upload): Promise<void> {
	await page.goto(`${product.url}/data/import`);
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	await choose(page, file);
}

const next = (page: Page): Promise<void> => page.getByTestId('next').click();

async function pickDatum(page: Page, datum: 'wgs84' | 'gcj02' | 'bd09'): Promise<void> {
	await page.getByTestId(`datum-${datum}`).click();
	await page.getByTestId('datum-pick').click();
}

async function apply(page: Page): Promise<void> {
	await page.getByTestId('apply').click();
	await page.getByTestId('apply-confirm').click();
	await expect(page.getByTestId('import-done')).toBeVisible();
}

const tab = (page: Page, kind: string) => page.getByTestId(`tab-${kind}`);
const step = (page: Page) => page.getByTestId('import-steps');

const CLEAN = [
	'编号,名称,区县,经度,纬度,坐标系,开放时间,容纳人数',
	'A1,钱桥驿站,惠山区,120.2345,31.6789,WGS-84,08:30-17:30,8',
	'A2,张泾驿站,锡山区,120.4345,31.7789,WGS-84,24小时,',
	'A3,藕塘驿站,惠山区,120.2145,31.6489,WGS-84,08:30-17:30,6'
];

test('a list of 82 stations comes in under the datum that was chosen, is seen on every page at once, and goes again', async ({
	page,
	context
}) => {
	const other = await context.newPage();
	await other.goto(`${product.url}/wall`);
	await expect(other.getByTestId('kpi-stations')).toHaveText('0');

	await openDesk(page, zhengzhou());
	await next(page);
	await expect(step(page)).toHaveAttribute('data-step', 'datum');
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	await expect(page.getByTestId('next')).toBeDisabled();
	await pickDatum(page, 'gcj02');
	await next(page);
	await expect(tab(page, 'added')).toContainText('82');
	await expect(tab(page, 'errors')).toContainText('错误 0');
	await tab(page, 'warnings').click();
	await page.getByTestId('rows-warnings').getByTestId('table-filter').fill('位置在别的区县');
	await expect(page.getByTestId('rows-warnings').locator('tbody tr[data-index]')).toHaveCount(4);
	await apply(page);
	await expect(other.getByTestId('kpi-stations')).toHaveText('82');

	// The same file again: now the districts are known, and a wrong datum contradicts them.
	await page.getByTestId('import-again').click();
	await choose(page, zhengzhou());
	await next(page);
	const share = page.getByTestId('share-wgs84');
	await expect(share).toContainText(/\d+\/82 不符/u);
	const wrong = Number(/(\d+)\/82/u.exec((await share.textContent()) ?? '')?.[1]);
	expect(wrong / 82).toBeGreaterThan(0.05);
	await expect(page.getByTestId('datum-hint')).toContainText('GCJ-02 与所写区县最相符');
	await expect(page.getByTestId('next')).toBeDisabled();
	await pickDatum(page, 'gcj02');
	await next(page);
	await expect(tab(page, 'unchanged')).toContainText('82');
	await expect(page.getByTestId('nothing-to-do')).toBeVisible();
	await expect(page.getByTestId('apply')).toBeDisabled();

	await page.getByTestId('step-file').click();
	await page.getByTestId('undo-1').click();
	await page.getByTestId('undo-confirm').click();
	await expect(page.getByTestId('import-2')).toContainText('撤销了导入 #1');
	await expect(other.getByTestId('kpi-stations')).toHaveText('0');
});

test('rows that cannot be read are listed with their line while the others go on, and the list can be kept', async ({
	page
}) => {
	await openDesk(
		page,
		csv('mixed.csv', [
			...CLEAN,
			'A4,,惠山区,120.2,31.6,WGS-84,,',
			'A5,洛社驿站,惠山区,0,0,WGS-84,,',
			'A1,重复,惠山区,,,,,'
		])
	);
	await next(page);
	await expect(tab(page, 'added')).toContainText('3');
	await expect(tab(page, 'errors')).toContainText('3');
	// What the file brings is shown first.
	await expect(page.getByTestId('rows-added')).toBeVisible();
	await tab(page, 'errors').click();
	await expect(page.getByTestId('errors-5')).toContainText('没有名称');
	await expect(page.getByTestId('errors-6')).toContainText('经纬度为 0,0');
	await expect(page.getByTestId('errors-7')).toContainText('与前面某行是同一驿站');
	await page.getByTestId('errors-6').click();
	await expect(page.getByTestId('finding-dialog')).toContainText('位置未知时请留空');
	await page.keyboard.press('Escape');

	const downloading = page.waitForEvent('download');
	await page.getByTestId('error-list').click();
	const download = await downloading;
	expect(download.suggestedFilename()).toBe('mixed-问题.csv');
	const list = readFileSync(await download.path(), 'utf8');
	expect(list.split('\n').filter((line) => /^\uFEFF?"?[567]"?,/u.test(line))).toHaveLength(3);

	await apply(page);
	await expect(page.getByTestId('import-done')).toContainText('新增 3 个');
});

test('what the export gives, the import calls unchanged', async ({ page }) => {
	await openDesk(page, csv('clean.csv', CLEAN));
	await next(page);
	await apply(page);
	for (const format of ['csv', 'xlsx', 'geojson']) {
		const downloading = page.waitForEvent('download');
		await page.getByTestId(`export-${format}`).click();
		const download = await downloading;
		const file = {
			name: `export.${format}`,
			mimeType: 'application/octet-stream',
			buffer: readFileSync(await download.path())
		};
		if (format === 'csv') await page.getByTestId('import-again').click();
		await choose(page, file);
		await next(page);
		await expect(tab(page, 'unchanged')).toContainText('不变 3');
		for (const kind of ['added', 'changed', 'errors']) await expect(tab(page, kind)).toContainText(/ 0$/u);
		await page.getByTestId('step-file').click();
	}
});

test('a change is shown field by field, what was and what will be', async ({ page }) => {
	await openDesk(page, csv('clean.csv', CLEAN));
	await next(page);
	await apply(page);
	await page.getByTestId('import-again').click();
	await choose(page, csv('more.csv', [CLEAN[0]!, CLEAN[1]!.replace(',8', ',12')]));
	await next(page);
	const row = page.getByTestId('changed-2');
	await expect(row).toContainText('容纳人数');
	await expect(row.locator('del')).toHaveText('8');
	await expect(row.locator('ins')).toHaveText('12');
});

test('columns are guessed, corrected, and kept over a reload and the way back', async ({ page }) => {
	await openDesk(page, csv('odd.csv', ['站,县,经度,纬度,坐标系,房号', '钱桥驿站,惠山区,120.2345,31.6789,WGS-84,12']));
	await expect(page.getByTestId('mapping-problems')).toContainText('名称');
	await expect(page.getByTestId('next')).toBeDisabled();
	await expect(page.getByTestId('ignored-columns')).toContainText('房号');
	await page.getByTestId('field-0').selectOption('name');
	await page.getByTestId('field-1').selectOption('name');
	await expect(page.getByTestId('mapping-problems')).toContainText('只能对应一列');
	await page.getByTestId('field-1').selectOption('district');
	await expect(page.getByTestId('mapping-problems')).toBeHidden();
	await page.reload();
	await expect(page.getByTestId('field-0')).toHaveValue('name');
	await next(page);
	await expect(tab(page, 'added')).toContainText('1');
	await page.reload();
	await expect(tab(page, 'added')).toContainText('1');
	await page.goBack();
	await expect(page.getByTestId('field-1')).toHaveValue('district');
});

test('a file that is no table, and an upload that is gone, are sentences that say what to do', async ({ page }) => {
	await page.goto(`${product.url}/data/import?session=00000000-0000-4000-8000-000000000000&step=preview`);
	await expect(page.getByTestId('problem')).toContainText('请重新上传文件');
	await expect(page.getByTestId('file-drop')).toBeVisible();
	await page
		.getByTestId('file-input')
		.setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('[{"name": "a"') });
	await expect(page.getByTestId('problem')).toContainText('JSON 格式有误');
});

test('an import that others have built on is not undone, and says what stands in the way', async ({ page }) => {
	await openDesk(page, csv('first.csv', CLEAN));
	await next(page);
	await apply(page);
	await page.getByTestId('import-again').click();
	await choose(page, csv('second.csv', [CLEAN[0]!, CLEAN[1]!.replace(',8', ',12')]));
	await next(page);
	await apply(page);
	await page.getByTestId('undo-1').click();
	await page.getByTestId('undo-confirm').click();
	await expect(page.getByTestId('undo-dialog')).toContainText('请先撤销后来的导入');
	await expect(page.getByTestId('undo-blocks')).toContainText('钱桥驿站');
	await page.getByRole('button', { name: '先撤销导入 #2' }).click();
	await page.getByTestId('undo-confirm').click();
	await expect(page.getByTestId('import-2')).toContainText('已由 #3 撤销');
});

test('a file can be dropped, and the whole way goes by keyboard', async ({ page }) => {
	await page.goto(`${product.url}/data/import`);
	// The page must listen before something falls on it.
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	const transfer = await page.evaluateHandle((text) => {
		const data = new DataTransfer();
		data.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
		return data;
	}, CLEAN.join('\n'));
	await page.getByTestId('file-drop').dispatchEvent('drop', { dataTransfer: transfer });
	await expect(page.getByTestId('file-facts')).toContainText('dropped.csv');
	for (const id of ['next', 'apply']) {
		await page.getByTestId(id).focus();
		await page.keyboard.press('Enter');
	}
	await expect(page.getByTestId('apply-dialog')).toBeVisible();
	await page.getByTestId('apply-confirm').focus();
	await page.keyboard.press('Enter');
	await expect(page.getByTestId('import-done')).toContainText('新增 3 个');
});

test('axe finds nothing serious on any step, light and dark', async ({ page }) => {
	const look = async (name: string): Promise<void> => {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			const { violations } = await new AxeBuilder({ page }).analyze();
			const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
			const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
			expect(told, `${name}, ${colorScheme}`).toEqual([]);
		}
	};
	const lines = CLEAN.map((line) => line.replace(',坐标系', '').replace(',WGS-84', ''));
	await openDesk(page, csv('plain.csv', [...lines, 'A4,,惠山区,120.2,31.6,,']));
	await look('columns');
	await next(page);
	await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
	await look('datum');
	await pickDatum(page, 'wgs84');
	await next(page);
	await tab(page, 'errors').click();
	await expect(page.getByTestId('errors-5')).toBeVisible();
	await look('errors');
	await tab(page, 'added').click();
	await expect(page.getByTestId('added-2')).toBeVisible();
	await look('added');
	await page.getByTestId('apply').click();
	await expect(page.getByTestId('apply-dialog')).toBeVisible();
	await look('question');
	await page.getByTestId('apply-confirm').click();
	await expect(page.getByTestId('import-done')).toBeVisible();
	await look('result');
});

test('a leader reads the city and cannot import: neither the page nor the door, and is told so', async ({
	page,
	context
}) => {
	const leader = await signIn(product, 'leader');
	await context.addCookies(leader.cookies);
	const response = await page.goto(`${product.url}/data/import`);
	expect(response?.status()).toBe(403);
	await expect(page.getByTestId('error-page')).toContainText('您没有打开这个页面的权限');
	await expect(page.getByTestId('error-page')).toContainText('申请授权');
	await expect(page.getByTestId('nav-map')).toBeVisible();
	await expect(page.getByTestId('nav-import')).toHaveCount(0);
	for (const headers of [leader.headers, {}]) {
		const sent = await fetch(`${product.url}/api/imports?name=clean.csv`, {
			method: 'POST',
			headers,
			body: CLEAN.join('\n')
		});
		const { code } = (await sent.json()) as { code: string };
		expect([sent.status, code]).toEqual('cookie' in headers ? [403, 'no_right'] : [401, 'sign_in_needed']);
	}
});

test('what a page of another address sends is refused, and the desk says so', async ({ page }) => {
	await openDesk(page, csv('clean.csv', CLEAN));
	await page.getByTestId('step-file').click();
	await page.route(/\/api\/imports\?/u, async (route) => {
		const headers = { ...(await route.request().allHeaders()), origin: 'https://evil.example' };
		const response = await route.fetch({ headers });
		expect(response.status()).toBe(403);
		await route.fulfill({ response });
	});
	await page.getByTestId('file-input').setInputFiles(csv('again.csv', CLEAN));
	await expect(page.getByTestId('problem')).toHaveAttribute('data-code', 'origin_not_allowed');
	await expect(page.getByTestId('problem')).toContainText('请求来自别的网址');
});
