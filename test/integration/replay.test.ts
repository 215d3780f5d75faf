/** A recorded week through the public door of the real product, by its own command line. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { osloAdapter } from '#server/cli/replay-adapter-oslo.ts';
import { startProduct, type Product } from '#test/support/product.ts';
import { signIn } from '#test/support/sign-in.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = process.env['YIZHAN_SHARED_DATA'] ?? resolve(root, '../shared/data');
const file = join(shared, 'replay/oslo_bysykkel_delta_2024-W34.ndjson');
const isThere = existsSync(file);
const place = isThere ? '' : ` (left out: ${file} is not there; YIZHAN_SHARED_DATA names its folder)`;
const LIMIT_MS = 180_000;

interface StationView {
	code: string;
	inside: number | null;
	status: string;
}

describe.skipIf(!isThere)(`the recorded week of Oslo through POST /api/events${place}`, () => {
	test.each([
		['in the order of the file', []],
		['shuffled, with one event in ten sent twice', ['--order', 'shuffled', '--duplicates', '0.1']]
	])(
		'%s: at the end every station shows its last value of the file',
		async (_, options) => {
			const lines = readFileSync(file, 'utf8')
				.split('\n')
				.filter((line) => line.trim() !== '');
			const expected = osloAdapter.expectedState(lines);
			const product = await startProduct();
			try {
				const { code, output } = await runCli(product, ['replay', file, '--register', '--seconds', '0', ...options]);
				expect(code, output).toBe(0);
				expect(output).not.toContain('refused');
				await untilFolded(product, Number(/sent (\d+)/.exec(output)?.[1]));
				const { headers } = await signIn(product);
				const response = await fetch(`${product.url}/api/state?kind=all`, { headers });
				const { stations } = (await response.json()) as { stations: StationView[] };
				const found = stations.map(({ code: station, inside, status }) => [station, inside, shownOpen(status)]);
				const last = [...expected].map(([station, { inside, isOpen }]) => [station, inside, isOpen]);
				expect(found.toSorted(byCode)).toEqual(last.toSorted(byCode));
			} finally {
				await product.stop();
			}
		},
		LIMIT_MS
	);
});

type Row = (string | number | boolean | null)[];
const byCode = (a: Row, b: Row): number => String(a[0]).localeCompare(String(b[0]));

/** What a status says of the door; null where nothing is known. */
function shownOpen(status: string): boolean | null {
	return status === 'unknown' ? null : status === 'open';
}

/** `node server/cli/main.ts …` with the environment of the product that runs. */
async function runCli(product: Product, words: string[]): Promise<{ code: number | null; output: string }> {
	const { PATH = '', HOME = '' } = process.env;
	const env = { PATH, HOME, DATA_DIR: product.dataDir, PORT: new URL(product.url).port };
	const child = spawn(join(root, 'node_modules/.bin/node'), ['server/cli/main.ts', ...words], { cwd: root, env });
	let output = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
	const code = await new Promise<number | null>((done) => child.once('close', done));
	return { code, output };
}

/** The door answers once the events are on the stream; they are folded a moment later. */
async function untilFolded(product: Product, sent: number): Promise<void> {
	for (;;) {
		const text = await (await fetch(`${product.url}/metrics`)).text();
		const of = (name: string): number => Number(new RegExp(`^yizhan_events_${name}_total (\\d+)`, 'm').exec(text)?.[1]);
		if (of('taken') + of('duplicate') >= sent) return;
		await new Promise((done) => setTimeout(done, 50));
	}
}
