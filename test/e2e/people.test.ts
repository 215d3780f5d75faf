import { expect, test, type Browser, type Page } from '@playwright/test';
import type { Role } from '#domain/role.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn } from '#test/support/sign-in.ts';

let product: Product;
let system: Page;
let security: Page;

// One story of one person, told in order.
test.describe.configure({ mode: 'serial' });

async function pageOf(browser: Browser, role: Role, scope = 'city'): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	await context.addCookies((await signIn(product, role, scope)).cookies);
	return context.newPage();
}

test.beforeAll(async ({ browser }) => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	[system, security] = [await pageOf(browser, 'system_admin'), await pageOf(browser, 'security_admin')];
});

test.afterAll(async () => {
	await Promise.all([system.context().close(), security.context().close()]);
	await product.stop();
});

test('a system administrator makes a person, whose link is shown once', async ({ browser }) => {
	await system.goto(`${product.url}/admin/people`);
	await expect(system.getByTestId('people-table')).toBeVisible();
	await system.getByTestId('new-person').click();
	await system.getByTestId('make-person').click();
	await expect(system.getByTestId('display-name')).toBeFocused();
	await system.getByTestId('display-name').fill('王小明');
	await system.getByTestId('user-name').fill('Wang Xiaoming!');
	await system.getByTestId('make-person').click();
	await expect(system.getByTestId('user-name')).toHaveAttribute('aria-invalid', 'true');
	await expect(system.getByTestId('new-person-dialog')).toContainText('2–32 位小写字母');
	await expect(system.getByTestId('display-name')).toHaveValue('王小明');
	await system.getByTestId('user-name').fill('wang.xm');
	await system.getByTestId('make-person').click();
	const link = await system.getByTestId('made-link').inputValue();
	expect(link).toMatch(new RegExp(`^${product.url}/link/`, 'u'));

	const own = await (await browser.newContext()).newPage();
	await own.goto(link);
	await expect(own.getByTestId('link-page')).toContainText('王小明，您好。您的用户名是 wang.xm');
	await own.getByTestId('new-password').fill('three quiet herons');
	await own.getByTestId('use-link').click();
	await expect(own.getByTestId('profile-page')).toContainText('您还没有获得角色');
	await own.goto(link);
	await expect(own.getByTestId('link-broken')).toContainText('已经用过');
	await own.context().close();
	await system.getByTestId('to-person').click();
	await expect(system.getByTestId('person-page')).toContainText('wang.xm');
});

test('proposes a role in a district, and is told of the three who are never one person', async () => {
	await system.getByTestId('open-propose').click();
	await expect(system.getByTestId('propose-role')).toHaveValue('');
	await system.getByTestId('propose-role').selectOption('auditor');
	await expect(system.getByTestId('scope-chooser')).toContainText('只能用于全市');
	await system.getByTestId('propose-role').selectOption('duty_officer');
	await system.getByTestId('level-district').click();
	// Until the names are read, a place is named by its code, in another field.
	await expect(system.getByTestId('scope-district').locator('option')).not.toHaveCount(0);
	await system.getByTestId('propose').click();
	await expect(system.getByTestId('scope-district')).toBeFocused();
	await expect(system.getByTestId('propose-reason')).toHaveAttribute('aria-invalid', 'true');
	await system.getByTestId('scope-district').selectOption({ label: '梁溪区' });
	await system.getByTestId('propose-reason').fill('夜班值守');
	await system.getByTestId('propose').click();
	await expect(system.getByTestId('notice')).toContainText('等待安全管理员审批');
	await expect(system.getByTestId('person-page')).toContainText('值班员 · 梁溪区');
	await expect(system.getByTestId('approve')).toHaveCount(0);
});

test('the security administrator finds it on top and approves it', async () => {
	await security.goto(`${product.url}/admin/people`);
	const queue = security.getByTestId('queue');
	await expect(queue).toContainText('王小明');
	await expect(queue).toContainText('理由：夜班值守');
	await expect(security.getByTestId('new-person')).toHaveCount(0);
	await queue.getByTestId('approve').click();
	await expect(security.getByTestId('reason-dialog')).toContainText('值班员 · 梁溪区（长期有效）');
	await security.getByTestId('reason-do').click();
	await expect(security.getByTestId('notice')).toContainText('已批准：王小明');
	await expect(security.getByTestId('queue-empty')).toContainText('没有待审批的授权');
	await expect(security.getByTestId('person-wang.xm')).toContainText('值班员 · 梁溪区');
});

test('an account is disabled after a word about what follows, and enabled again', async () => {
	await system.reload();
	await system.getByTestId('disable').click();
	await expect(system.getByTestId('reason-dialog')).toContainText('立即退出所有登录');
	await system.getByTestId('reason-do').click();
	await expect(system.getByTestId('person-state')).toContainText('已停用');
	await system.getByTestId('enable').click();
	await system.getByTestId('reason-do').click();
	await expect(system.getByTestId('person-state')).toContainText('在用');
});

test('a district administrator proposes within the district alone, and by user name', async ({ browser }) => {
	const page = await pageOf(browser, 'district_admin', 'district:320213');
	await page.goto(`${product.url}/admin/grants`);
	await page.getByTestId('open-propose').click();
	await page.getByTestId('propose-user').fill('nobody.here');
	await page.getByTestId('propose-role').selectOption('street_admin');
	await expect(page.getByTestId('level-city')).toHaveCount(0);
	await expect(page.getByTestId('scope-street').locator('option')).not.toHaveCount(1);
	await page.getByTestId('scope-street').selectOption({ index: 1 });
	await page.getByTestId('propose-reason').fill('新到岗');
	await page.getByTestId('propose').click();
	await expect(page.getByText('没有这个用户名')).toBeVisible();
	await expect(page.getByTestId('propose-user')).toBeFocused();
	await page.goto(`${product.url}/admin/people`);
	await expect(page.getByTestId('error-page')).toContainText('权限');
	await expect(page.getByTestId('own-scopes')).toContainText('梁溪区');
	await page.context().close();
});

test('nothing is wider than a phone', async () => {
	await security.setViewportSize({ width: 390, height: 844 });
	for (const path of ['/admin/people', '/admin', '/profile']) {
		await security.goto(`${product.url}${path}`);
		await expect(security.getByTestId('navigation')).toBeInViewport();
		expect(await security.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
	}
});
