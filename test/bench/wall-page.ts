/**
 * The wall as a screen sees it, in Chromium: what a cold start transfers and how long it takes until every station is
 * drawn, frames per second under load beside those of a bare page, and the way of one event from its XADD to the picture.
 */
import { chromium, type Browser } from '@playwright/test';
import config from '../../playwright.config.ts';
import { TICK_MS } from '#server/hub/board.ts';
import { startCity, startTraffic, type City } from './city.ts';
import { SHARED } from './machine.ts';
import { median, percentile, type Row } from './table.ts';
import { coldStart, countFrames, openWall, type ColdStart } from './wall-browser.ts';
import { probePaint } from './wall-paint.ts';

const COLD_STARTS = 5;
const COLD_BYTES_LIMIT = 300_000;
const COLD_MS_LIMIT = 1000;
const BUSY_EVENTS_PER_SECOND = 10_000;
const FPS_ROUNDS = 3;
const FPS_SECONDS = 5;
/** Of a bare page's: a frame more or less at the edges of a round. */
const FPS_RATIO = 0.97;
const CALM_EVENTS_PER_SECOND = 1000;
const PROBES = 50;
/** Beyond the tick that a change waits for at most: folding, framing, delivery, applying, drawing, showing. */
const ALLOWANCE_MS = 60;

export async function benchWall(): Promise<Row[]> {
	const city = await startCity();
	const browser = await chromium.launch({ ...config.use?.launchOptions });
	try {
		return [...(await benchCold(browser, city)), await benchPaint(browser, city), await benchFps(browser, city)];
	} finally {
		await browser.close();
		await city.stop();
	}
}

async function benchCold(browser: Browser, city: City): Promise<Row[]> {
	const starts: ColdStart[] = [];
	for (let n = 0; n < COLD_STARTS; n++) starts.push(await coldStart(browser, city));
	const bytes = Math.max(...starts.map((start) => start.bytes));
	const [first] = starts;
	const ms = starts.map((start) => start.drawnMs);
	return [
		{
			what: `/wall cold in Chromium: transferred until the map is live (HTTP with headers, socket)`,
			measured: `${kb(bytes)} at most of ${COLD_STARTS} starts (${kb(first?.socketBytes ?? 0)} by socket); in all, with charts, ${kb(first?.allBytes ?? 0)}`,
			ratio: null,
			target: `≤ ${kb(COLD_BYTES_LIMIT)}`,
			isMet: bytes <= COLD_BYTES_LIMIT
		},
		{
			what: `/wall cold in Chromium → all ${city.codes.length} stations drawn (${SHARED})`,
			measured: `median ${median(ms).toFixed(0)} ms, max ${Math.max(...ms).toFixed(0)} ms of ${COLD_STARTS} starts`,
			ratio: null,
			target: `≤ ${COLD_MS_LIMIT} ms`,
			isMet: median(ms) <= COLD_MS_LIMIT
		}
	];
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;

/** Bare page and wall take turns under the same load, one of them open at a time. */
async function benchFps(browser: Browser, city: City): Promise<Row> {
	const traffic = startTraffic(city.redis, city.codes, BUSY_EVENTS_PER_SECOND);
	const bare: number[] = [];
	const wall: number[] = [];
	for (let round = 0; round < FPS_ROUNDS; round++) {
		const blank = await browser.newPage();
		bare.push(await countFrames(blank, FPS_SECONDS));
		await blank.close();
		const page = await openWall(browser, city);
		wall.push(await countFrames(page, FPS_SECONDS));
		await page.context().close();
	}
	await traffic.stop();
	const ratio = median(wall) / median(bare);
	return {
		what: `frames per second of /wall, ${BUSY_EVENTS_PER_SECOND.toLocaleString('en')} ev/s over ${city.codes.length} stations ÷ of a bare page (${SHARED})`,
		measured: `${median(wall).toFixed(1)} ÷ ${median(bare).toFixed(1)}`,
		ratio,
		target: `≥ ${FPS_RATIO}`
	};
}

async function benchPaint(browser: Browser, city: City): Promise<Row> {
	const page = await openWall(browser, city);
	const { latencies, missing } = await probePaint(page, city, CALM_EVENTS_PER_SECOND, PROBES);
	await page.context().close();
	const limit = TICK_MS + ALLOWANCE_MS;
	const p95 = percentile(latencies, 0.95);
	const figures = [median(latencies), p95, Math.max(...latencies)].map((ms) => ms.toFixed(0)).join(' / ');
	return {
		what:
			`XADD → painted on /wall, ${CALM_EVENTS_PER_SECOND.toLocaleString('en')} ev/s over ${city.codes.length} stations; ` +
			`painted = the frame after the pixels of the station have changed (${SHARED})`,
		measured: `p50 / p95 / max ${figures} ms; ${latencies.length} probes, ${missing} never shown`,
		ratio: null,
		target: `p95 ≤ ${limit} ms`,
		isMet: p95 <= limit && missing === 0
	};
}
