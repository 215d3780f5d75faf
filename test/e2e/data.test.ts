import { expect, test } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { sendEvent } from './send-event.ts';

let product: Product;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
});

test.afterAll(async () => {
	await product.stop();
});

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
});
