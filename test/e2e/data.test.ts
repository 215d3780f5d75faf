import { expect, test } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { sendEvent, smartStations } from './send-event.ts';

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

test('the data page counts what was refused, with its reason, and goes on by itself', async ({ page }) => {
	await page.goto(`${product.url}/data`);
	await expect(page.getByTestId('data-quality')).toContainText('没有未接收的事件');
	await sendEvent(product, 'station.visited', 'NOBODY', { method: 'qr' });
	await expect(page.getByTestId('refused-unknown_station')).toContainText('stream', { timeout: 10_000 });
	await sendEvent(product, 'station.exploded', 'NOBODY', {});
	await expect(page.getByTestId('refused-unknown_type')).toContainText('1', { timeout: 10_000 });
	await expect(page.getByTestId('data-quality')).toContainText('Known types');
});

test('figures that can no longer be read again grow old and say so', async ({ page }) => {
	await page.goto(`${product.url}/data`);
	await expect(page.getByTestId('quality-age')).toBeVisible();
	await page.route('**/data/quality', (route) => route.abort());
	await expect(page.getByTestId('quality-age')).toHaveClass(/old/, { timeout: 25_000 });
	await expect(page.getByTestId('tile-sources')).toHaveClass(/stale/);
});

test('a refused event is found, mended and sent again, and is then taken', async ({ page }) => {
	const [code = ''] = await smartStations(product, person);
	await sendEvent(product, 'station.visited', 'MISSPELT-7', { method: 'qr', count: 2 });
	await page.goto(`${product.url}/data`);
	await page.getByTestId('refused-search').fill('misspelt-7');
	const row = page.getByTestId('refused-list').locator('tbody tr');
	await expect(row).toHaveCount(1);
	await expect(row).toContainText('station.visited · MISSPELT-7');
	await row.getByRole('button').click();

	const payload = page.getByTestId('payload');
	await expect(payload).toHaveValue(/"subject": "MISSPELT-7"/u);
	const text = await payload.inputValue();
	await payload.fill(text.slice(0, -3));
	await expect(page.getByTestId('payload-fault')).toContainText('不是完整的 JSON');
	await expect(page.getByTestId('resend')).toBeDisabled();
	await payload.fill(text);
	await page.getByTestId('resend').click();
	await expect(page.getByTestId('resend-refused')).toContainText('仍未接收');
	await payload.fill(text.replace('MISSPELT-7', code));
	await page.getByTestId('resend').click();
	await expect(page.getByTestId('resend-done')).toContainText('ops:events:0');
	await page.keyboard.press('Escape');
	await expect(row).toContainText('已重发');
	await expect
		.poll(async () => {
			const response = await fetch(`${product.url}/api/state?scope=station:${code}`, { headers: person.headers });
			const { kpis } = (await response.json()) as { kpis: { visitsToday: number | null } };
			return kpis.visitsToday;
		})
		.toBe(2);
});

test('problems of the registry are narrowed by kind and district, and lead to the station', async ({ page }) => {
	await page.goto(`${product.url}/data`);
	const table = page.getByTestId('problem-table');
	const rows = table.locator('tbody tr[data-index]');
	await expect(rows.first()).toBeVisible();
	const kinds = await page.getByTestId('problem-kind').locator('option').allTextContents();
	expect(kinds.length).toBeGreaterThan(1);
	await page.getByTestId('problem-kind').selectOption({ index: 1 });
	const name = kinds[1]!.replace(/ \(.*$/u, '');
	await expect(rows.first()).toContainText(name);
	await page.getByTestId('problem-district').selectOption({ index: 1 });
	const district = (await page.getByTestId('problem-district').locator('option').allTextContents())[1]!;
	await expect(rows.first()).toContainText(district);
	await expect(table.getByRole('status')).not.toContainText('/');
	await rows.first().click();
	await expect(page).toHaveURL(/\/stations\//u);
});

test('every source is listed with its age, its period and what it sent', async ({ page }) => {
	const [code = ''] = await smartStations(product, person);
	await sendEvent(product, 'station.opened', code, {});
	await page.goto(`${product.url}/data`);
	const row = page.getByTestId('source-test/e2e');
	await expect(row).toContainText('正常', { timeout: 10_000 });
	await expect(row).toContainText('秒前');
});
