/**
 * What the map costs the page's main thread, in a real Chromium: against Leaflet's own circle markers under the same load,
 * and for a redraw of many points. CPU time of the thread (`Performance.getMetrics` in thread ticks), so that what others do
 * on the machine lengthens nothing.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { build } from 'vite';
import { must } from '#domain/must.ts';
import type { BenchPage } from './map-page.ts';
import { median, type Row } from './table.ts';

const STATIONS = 801;
const EVENTS_PER_SECOND = 1_000;
/** Few enough for a ring around each. */
const FEW_PER_SECOND = 20;
const SECONDS = 5;
const ROUNDS = 3;
const CHANGES = 50;
const REDRAWS = 40;
const VIEW = { width: 1_920, height: 1_080 };
/** Points, and the most CPU ms that a redraw may take. */
const REDRAW_TARGETS = [
	[10_000, 5],
	[200_000, 40]
] as const;

declare global {
	interface Window {
		bench: BenchPage;
	}
}

export async function benchMap(): Promise<Row[]> {
	const script = await bundlePage();
	const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
	if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}; name one in CHROMIUM_PATH`);
	const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
	try {
		const page = await browser.newPage({ viewport: VIEW, colorScheme: 'dark' });
		const thread = await page.context().newCDPSession(page);
		await thread.send('Performance.enable', { timeDomain: 'threadTicks' });
		await page.setContent('<!doctype html><body style="margin:0"></body>');
		await page.addStyleTag({ content: script.css });
		await page.addScriptTag({ content: script.code });
		return [...(await againstCircles(page, thread)), ...(await redraws(page, thread))];
	} finally {
		await browser.close();
	}
}

/** The bench page as one script and one sheet, in memory. */
async function bundlePage(): Promise<{ code: string; css: string }> {
	const built = await build({
		configFile: false,
		logLevel: 'warn',
		build: {
			write: false,
			target: 'esnext',
			cssCodeSplit: false,
			lib: { entry: fileURLToPath(new URL('map-page.ts', import.meta.url)), formats: ['iife'], name: 'mapBench' }
		}
	});
	const outputs = Array.isArray(built) ? built : [built];
	const files = outputs.flatMap((one) => ('output' in one ? one.output : []));
	const code = files.find((file) => file.type === 'chunk')?.code;
	const css = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
	return { code: must(code, 'the bundle of the bench page'), css: css?.type === 'asset' ? String(css.source) : '' };
}

/** CPU ms of the page's main thread while something happens. */
async function cpuOf(thread: CDPSession, happens: () => Promise<void>): Promise<number> {
	const before = await threadMs(thread);
	await happens();
	return (await threadMs(thread)) - before;
}

async function threadMs(thread: CDPSession): Promise<number> {
	const { metrics } = await thread.send('Performance.getMetrics');
	const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value;
	return must(seconds, 'TaskDuration of the browser') * 1000;
}

async function againstCircles(page: Page, thread: CDPSession): Promise<Row[]> {
	const rows: Row[] = [];
	await page.emulateMedia({ reducedMotion: 'no-preference' });
	for (const [rate, note, target] of [
		[EVENTS_PER_SECOND, '', '≤ 0.3'],
		[FEW_PER_SECOND, ', each with its ring', '']
	] as const) {
		const sides = { ours: [] as number[], circles: [] as number[] };
		for (let round = 0; round < ROUNDS; round++) {
			for (const side of ['ours', 'circles'] as const) {
				await page.evaluate(([name, count]) => window.bench.open(name, count), [side, STATIONS] as const);
				const stream = (): Promise<void> =>
					page.evaluate(([each, length]) => window.bench.stream(each, length), [rate, SECONDS] as const);
				sides[side].push((await cpuOf(thread, stream)) / SECONDS);
			}
		}
		const [own, other] = [median(sides.ours), median(sides.circles)];
		rows.push({
			what:
				`map: main thread at ${STATIONS} stations, ${rate.toLocaleString('en')} status changes/s in 4 frames/s${note} ` +
				`÷ L.circleMarker on canvas`,
			measured: `${own.toFixed(1)} / ${other.toFixed(1)} CPU ms per s, median of ${ROUNDS} rounds`,
			ratio: own / other,
			target
		});
	}
	return rows;
}

async function redraws(page: Page, thread: CDPSession): Promise<Row[]> {
	const rows: Row[] = [];
	await page.emulateMedia({ reducedMotion: 'reduce' });
	for (const [points, limit] of REDRAW_TARGETS) {
		await page.evaluate((count) => window.bench.open('ours', count), points);
		const patch = (): Promise<void> =>
			page.evaluate(([changes, times]) => window.bench.redraw(changes, times), [CHANGES, REDRAWS] as const);
		await patch();
		const patched = (await cpuOf(thread, patch)) / REDRAWS;
		const whole = (await cpuOf(thread, () => page.evaluate((n) => window.bench.drawAll(n), REDRAWS))) / REDRAWS;
		const empty = (await cpuOf(thread, () => page.evaluate((n) => window.bench.rest(n), REDRAWS))) / REDRAWS;
		rows.push({
			what: `map: redraw after ${CHANGES} changes of ${points.toLocaleString('en')} points, ${VIEW.width}×${VIEW.height}`,
			measured:
				`${patched.toFixed(1)} CPU ms with its frame; a frame without a change ${empty.toFixed(1)}, ` +
				`all points anew (after a move) ${whole.toFixed(1)}`,
			ratio: null,
			target: `≤ ${limit} ms`,
			isMet: patched <= limit
		});
	}
	return rows;
}
