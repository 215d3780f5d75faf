import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn, type SignedIn } from '#test/support/sign-in.ts';
import { smartStations } from './send-event.ts';

let product: Product;
let person: SignedIn;
/** who may import */
let writer: SignedIn;
let station: string;
let district: string;

test.beforeAll(async () => {
	product = await startProduct({ env: { DEMO: '1' } });
	person = await signIn(product);
	writer = await signIn(product, 'district_admin');
	station = (await smartStations(product, person))[0]!;
	const { headers } = person;
	const response = await fetch(`${product.url}/api/state?scope=station:${station}`, { headers });
	const state = (await response.json()) as { stations: { district: string }[] };
	district = state.stations[0]!.district;
});

test.afterAll(async () => {
	await product.stop();
});

const PAGES: readonly (readonly [name: string, path: () => string, who?: () => SignedIn])[] = [
	['the wall', () => '/wall'],
	['the map', () => '/map'],
	['the city', () => '/districts'],
	['a district', () => `/districts/${district}`],
	['a station', () => `/stations/${station}`],
	['data quality', () => '/data'],
	['the import desk', () => '/data/import', () => writer],
	['a page that is not there', () => '/no-such-page']
];

for (const theme of ['light', 'dark'] as const) {
	for (const [name, path, who = () => person] of PAGES) {
		test(`axe finds nothing serious on ${name}, ${theme}`, async ({ page }) => {
			await page.context().addCookies(who().cookies);
			await page.context().addCookies([{ name: 'yizhan-theme', value: theme, url: product.url }]);
			await page.goto(`${product.url}${path()}`);
			await expect(page.getByTestId('connection-badge')).toHaveAttribute('data-state', 'live');
			// The demo's words across the page are there to be looked through.
			const { violations } = await new AxeBuilder({ page }).exclude('.watermark').analyze();
			const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
			expect(
				serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
			).toEqual([]);
		});
	}
}
