import { expect, test, type Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';

let product: Product;
let head: SignedIn;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: 'registry' } });
	head = await signIn(product);
});

test.afterAll(async () => {
	await product.stop();
});

async function open(page: Page, path: string): Promise<void> {
	await page.goto(`${product.url}${path}`);
	await expect(page.getByTestId('sign-in')).toBeEnabled();
}

async function enter(page: Page, userName: string, password: string): Promise<void> {
	await page.getByTestId('user-name').fill(userName);
	await page.getByTestId('password').fill(password);
	await page.getByTestId('sign-in').click();
}

/** A code of this moment, from the secret that the page shows. */
const codeOf = (secret: string, at = Date.now()): string =>
	new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: at });

const codeField = (page: Page) => page.locator('input[autocomplete="one-time-code"]');

test('who is nobody is asked to sign in, and comes to where they were going', async ({ page }) => {
	await page.goto(`${product.url}/districts?range=7d`);
	await expect(page).toHaveURL(`${product.url}/sign-in?next=${encodeURIComponent('/districts?range=7d')}`);
	await expect(page.getByTestId('navigation')).toHaveCount(0);
	await expect(page.getByTestId('sign-in')).toBeEnabled();
	await enter(page, head.userName, head.password);
	await expect(page).toHaveURL(`${product.url}/districts?range=7d`);
	await expect(page.getByTestId('person-menu')).toContainText('部门负责人');
});

test('a wrong password is said beside the field, which has the focus; nothing typed is lost', async ({ page }) => {
	await open(page, '/sign-in');
	await page.getByTestId('sign-in').click();
	await expect(page.getByTestId('user-name')).toBeFocused();
	await expect(page.getByText('请填写。')).toHaveCount(2);
	await enter(page, head.userName, 'not this one, really');
	await expect(page.getByText('用户名或密码不正确。')).toBeVisible();
	const password = page.getByTestId('password');
	await expect(password).toBeFocused();
	await expect(password).toHaveAttribute('aria-invalid', 'true');
	await expect(password).toHaveValue('not this one, really');
	await expect(page.getByTestId('user-name')).toHaveValue(head.userName);
});

test('the eye shows the password, and a locked Caps key is told', async ({ page }) => {
	await open(page, '/sign-in');
	const password = page.getByTestId('password');
	await password.fill('three quiet herons');
	await expect(password).toHaveAttribute('type', 'password');
	await page.getByRole('button', { name: '显示密码' }).click();
	await expect(password).toHaveAttribute('type', 'text');
	await password.evaluate((field) =>
		field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true, bubbles: true }))
	);
	await expect(page.getByText('大写锁定已开启')).toBeVisible();
});

test('five wrong tries lock the account, and the page counts down to the next', async ({ page }) => {
	const { userName } = await signIn(product);
	await open(page, '/sign-in');
	for (let turn = 0; turn < 5; turn++) {
		await enter(page, userName, `wrong ${turn} is wrong`);
		await expect(page.getByTestId('sign-in')).toBeEnabled();
	}
	await enter(page, userName, 'wrong again');
	await expect(page.getByTestId('locked')).toContainText(/账号已暂时锁定.*\d\d:\d\d 后可再试/su);
	await expect(page.getByTestId('user-name')).toHaveValue(userName);
});

test('a code of the second factor is asked for where there is one: pasted, or a recovery code instead', async ({
	page,
	browser
}) => {
	const { userName, password, cookies } = await signIn(product);
	await page.context().addCookies(cookies);
	await page.goto(`${product.url}/profile`);
	await page.getByTestId('enrol-factor').click();
	await page.getByTestId('factor-password').fill(password);
	await page.getByTestId('factor-begin').click();
	await expect(page.getByTestId('qr')).toBeVisible();
	const secret = await page.getByTestId('secret').inputValue();
	await codeField(page).fill('000000');
	await expect(page.getByText('验证码不正确或已用过')).toBeVisible();
	await expect(codeField(page)).toHaveValue('');
	await codeField(page).fill(codeOf(secret));
	const list = page.getByTestId('recovery-codes').getByRole('listitem');
	await expect(list).toHaveCount(10);
	const codes = await list.allTextContents();
	// The session goes on under a new token: the line comes back by itself, and the codes stay until they are kept.
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	await expect(page.getByTestId('codes-done')).toBeDisabled();
	await page.getByTestId('codes-kept').check();
	await page.getByTestId('codes-done').click();
	await expect(page.getByTestId('replace-factor')).toBeVisible();

	const other = await (await browser.newContext()).newPage();
	await open(other, '/sign-in?next=/districts');
	await enter(other, userName, password);
	await expect(other.getByTestId('sign-in-page')).toHaveAttribute('data-step', 'second_factor');
	await expect(codeField(other)).toBeFocused();
	await other.getByTestId('turn-recovery').click();
	await other.getByTestId('recovery-code').fill(codes[0]!);
	await other.getByTestId('send-code').click();
	await expect(other).toHaveURL(`${product.url}/districts`);

	const third = await (await browser.newContext()).newPage();
	await open(third, '/sign-in?next=/districts');
	await enter(third, userName, password);
	// A code works once: the next step of the clock has another.
	await codeField(third).fill(codeOf(secret, Date.now() + 30_000));
	await expect(third).toHaveURL(`${product.url}/districts`);
	await Promise.all([other.context().close(), third.context().close()]);
});

test('an address never leads to a page of somebody else', async ({ page }) => {
	await open(page, '/sign-in?next=//evil.example/');
	await enter(page, head.userName, head.password);
	await expect(page).toHaveURL(new RegExp(`^${product.url}/(?!sign-in)`, 'u'));
});

test('the demo city offers made-up people, says so, and one signs out again', async ({ page }) => {
	await open(page, '/sign-in');
	const list = page.getByTestId('sample-people');
	await expect(list).toContainText('虚构');
	await list.getByTestId('sample-sample.leader').click();
	await expect(page).toHaveURL(`${product.url}/wall`);
	await page.goto(`${product.url}/districts`);
	await page.getByTestId('person-menu').click();
	await expect(page.getByTestId('person-card')).toContainText('示例人员');
	await page.getByTestId('sign-out').click();
	await expect(page.getByTestId('why')).toHaveText('您已退出登录。');
	await page.goto(`${product.url}/districts`);
	await expect(page).toHaveURL(/\/sign-in\?next=/u);
});

test('the page asks before it signs out who does nothing, and comes back to the same page', async ({ page }) => {
	const { cookies } = await signIn(product);
	await page.context().addCookies(cookies);
	let skippedMs = 0;
	await page.clock.install();
	const skip = async (ms: number) => {
		skippedMs += ms;
		await page.clock.fastForward(ms);
	};
	const ends = (leftMs: number) => {
		const now = Date.now() + skippedMs;
		const iso = (ms: number) => new Date(now + ms).toISOString();
		return { now: iso(0), idleAt: iso(leftMs), endsAt: iso(36_000_000), person: {}, need: null, grants: [] };
	};
	let leftMs = 900_000;
	await page.route('**/api/session', (route) => route.fulfill({ json: ends(leftMs) }));
	await page.route('**/api/session/activity', (route) => route.fulfill({ json: ends(900_000) }));
	await page.goto(`${product.url}/districts`);
	// The frame of the page watches from when it runs, not from when it is seen.
	await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
	leftMs = 50_000;
	await skip(851_000);
	await expect(page.getByTestId('idle-dialog')).toContainText('您还在吗？');
	await expect(page.getByTestId('stay')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByTestId('idle-dialog')).toBeHidden();
	leftMs = 0;
	await skip(901_000);
	await expect(page).toHaveURL(`${product.url}/sign-in?next=%2Fdistricts&why=idle`);
	await expect(page.getByTestId('why')).toContainText('已有一段时间没有操作');
});

test('works with the keyboard alone, in English, on a phone', async ({ page }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await page.goto(`${product.url}/sign-in?lang=en`);
	await expect(page.getByTestId('sign-in')).toBeEnabled();
	await expect(page.getByTestId('user-name')).toBeFocused();
	await page.keyboard.type(head.userName);
	await page.keyboard.press('Tab');
	await page.keyboard.type(head.password);
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
	await page.keyboard.press('Enter');
	await expect(page).not.toHaveURL(/sign-in/u);
});
