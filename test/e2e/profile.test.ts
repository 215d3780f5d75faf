import { expect, test, type Page } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';

let product: Product;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
});

test.afterAll(async () => {
	await product.stop();
});

async function open(page: Page, { cookies }: SignedIn): Promise<void> {
	await page.context().addCookies(cookies);
	await page.goto(`${product.url}/profile`);
	await expect(page.getByTestId('session-row').first()).toBeVisible();
}

test('one sees the own roles in words, and changes the password; a wrong one is said beside the field', async ({
	page
}) => {
	const person = await signIn(product, 'district_admin', 'district:320213');
	await open(page, person);
	await expect(page.getByTestId('profile-page')).toContainText('区级管理员 · 梁溪区');
	await expect(page.getByTestId('remove-factor')).toHaveCount(0);
	await page.getByTestId('open-password').click();
	await page.getByTestId('present-password').fill('not this one');
	await page.getByTestId('new-password').fill('short');
	await expect(page.getByTestId('rule-length')).toHaveAttribute('data-met', 'false');
	await page.getByTestId('new-password').fill('three quiet herons');
	for (const rule of ['length', 'name', 'common']) {
		await expect(page.getByTestId(`rule-${rule}`)).toHaveAttribute('data-met', 'true');
	}
	await page.getByTestId('change-password').click();
	await expect(page.getByText('当前密码不正确。')).toBeVisible();
	await expect(page.getByTestId('present-password')).toBeFocused();
	await expect(page.getByTestId('new-password')).toHaveValue('three quiet herons');
	await page.getByTestId('present-password').fill(person.password);
	await page.getByTestId('change-password').click();
	await expect(page.getByTestId('notice')).toContainText('密码已修改');
	await expect(page.getByTestId('password-dialog')).toBeHidden();
});

test('one sees the own sessions and ends the others at once', async ({ page, browser }) => {
	const person = await signIn(product);
	const elsewhere = await (await browser.newContext()).newPage();
	await elsewhere.goto(`${product.url}/sign-in?next=/districts`);
	await expect(elsewhere.getByTestId('sign-in')).toBeEnabled();
	await elsewhere.getByTestId('user-name').fill(person.userName);
	await elsewhere.getByTestId('password').fill(person.password);
	await elsewhere.getByTestId('sign-in').click();
	await expect(elsewhere.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	await open(page, person);
	await expect(page.getByTestId('session-row')).toHaveCount(2);
	await expect(page.locator('[data-testid="session-row"][data-this="true"]')).toContainText('当前');
	await page.getByTestId('end-others').click();
	await expect(page.getByTestId('session-row')).toHaveCount(1);
	await expect(page.getByTestId('notice')).toContainText('已退出 1 个登录');
	await expect(elsewhere).toHaveURL(/\/sign-in\?next=%2Fdistricts&why=revoked/u);
	await expect(elsewhere.getByTestId('why')).toContainText('登录已被结束');
	await elsewhere.context().close();
});
