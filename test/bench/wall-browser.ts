/** The wall in a browser: opened cold with every byte counted, or left open and its frames counted. */
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';
import type { City } from './city.ts';

const VIEWPORT = { width: 1920, height: 1080 };
const DRAWN_LIMIT_MS = 30_000;
/** What comes after the map: charts and their figures. */
const REST_MS = 3000;

export interface ColdStart {
	/** until the map is live */
	readonly bytes: number;
	readonly socketBytes: number;
	/** three seconds later */
	readonly allBytes: number;
	/** ms from the navigation to the first frame with all stations on the canvas */
	readonly drawnMs: number;
}

/** In a context of its own: nothing is cached. */
export async function coldStart(browser: Browser, city: City): Promise<ColdStart> {
	const context = await openContext(browser, city);
	const page = await context.newPage();
	const counted = await countBytes(await context.newCDPSession(page));
	await page.goto(`${city.url}/wall?layer=points`, { waitUntil: 'commit' });
	const drawnMs = await page.evaluate(untilDrawn, DRAWN_LIMIT_MS);
	const { http, socket } = counted;
	await page.waitForTimeout(REST_MS);
	const allBytes = counted.http + counted.socket;
	await context.close();
	return { bytes: http + socket, socketBytes: socket, allBytes, drawnMs };
}

/** Opens the wall with its layers at rest and waits until stations are drawn. */
export async function openWall(browser: Browser, city: City): Promise<Page> {
	const context = await openContext(browser, city);
	const page = await context.newPage();
	await page.goto(`${city.url}/wall?layer=points`);
	await page.evaluate(untilDrawn, DRAWN_LIMIT_MS);
	await page.waitForTimeout(REST_MS);
	return page;
}

async function openContext(browser: Browser, { person }: City): Promise<BrowserContext> {
	const context = await browser.newContext({ viewport: VIEWPORT });
	await context.addCookies(person.cookies);
	return context;
}

/** requestAnimationFrame per second. */
export async function countFrames(page: Page, seconds: number): Promise<number> {
	return await page.evaluate(
		(ms) =>
			new Promise<number>((resolve) => {
				let frames = 0;
				const start = performance.now();
				const count = (now: number): void => {
					if (now - start >= ms) resolve((frames * 1000) / (now - start));
					else requestAnimationFrame(count);
					frames++;
				};
				requestAnimationFrame(count);
			}),
		seconds * 1000
	);
}

/** What the network carried: responses with their headers, and payloads of socket messages. */
async function countBytes(session: CDPSession): Promise<{ http: number; socket: number }> {
	const counted = { http: 0, socket: 0 };
	await session.send('Network.enable');
	session.on('Network.loadingFinished', ({ encodedDataLength }) => (counted.http += encodedDataLength));
	session.on('Network.webSocketFrameReceived', ({ response: { opcode, payloadData } }) => {
		// Binary messages are told in base64.
		counted.socket += opcode === 2 ? Buffer.byteLength(payloadData, 'base64') : Buffer.byteLength(payloadData);
	});
	return counted;
}

/**
 * Runs in the page. Resolves with ms since the navigation, in the frame after the one in which the canvases of the map
 * hold the stations: all of them are drawn in one go, so the first pixels of points are those of every station.
 */
async function untilDrawn(limitMs: number): Promise<number> {
	const hasPixels = (canvas: HTMLCanvasElement): boolean => {
		if (canvas.width === 0 || canvas.height === 0) return false;
		const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
		for (let i = 3; i < data.length; i += 4) if (data[i]) return true;
		return false;
	};
	const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
	while (performance.now() < limitMs) {
		const now = await frame();
		const map = document.querySelector('[data-testid="map"][data-ready="true"]');
		// The layer draws in the frame after it was told; its pixels are looked at in the one after that.
		if (map && [...map.querySelectorAll<HTMLCanvasElement>('canvas[data-layer="points"]')].some(hasPixels)) return now;
	}
	throw new Error('no station was drawn');
}
