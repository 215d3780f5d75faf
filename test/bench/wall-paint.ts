/**
 * From the XADD to the picture. One station, touched by nothing else, opens and closes; the page reads the pixels of the
 * map around it in every animation frame. The moment of a probe is the frame after the one that finds them changed, so
 * nothing of the page helps and nothing of it is trusted. Both sides read the clock of the same machine.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { TICK_MS } from '#server/hub/board.ts';
import { streamOf } from '#server/stream/names.ts';
import { startTraffic, type City } from './city.ts';

const WARM_UP_MS = 5000;
const PROBE_LIMIT_MS = 5000;
/** A ring around news fades within this: probes look at pixels that are at rest. */
const REST_MS = 1500;

export interface PaintAnswer {
	/** ms, of the probes that were shown */
	readonly latencies: readonly number[];
	readonly missing: number;
}

export async function probePaint(
	page: Page,
	city: City,
	eventsPerSecond: number,
	probes: number
): Promise<PaintAnswer> {
	const probed = await loneliest(city);
	let count = 0;
	const flip = async (): Promise<number> => {
		const type = count++ % 2 === 0 ? 'station.opened' : 'station.closed';
		const event = { specversion: '1.0', id: `paint-${count}`, source: '/paint', type, subject: probed, data: {} };
		const sentAt = Date.now();
		await city.redis.xAdd(streamOf(0), '*', { e: JSON.stringify({ ...event, time: new Date(sentAt).toISOString() }) });
		return sentAt;
	};
	await flip();
	await delay(REST_MS);
	await page.evaluate(rememberPictures);
	await flip();
	await delay(REST_MS);
	await page.evaluate(findPlace);
	const others = city.codes.filter((code) => code !== probed);
	const traffic = startTraffic(city.redis, others, eventsPerSecond);
	await delay(WARM_UP_MS);
	const latencies: number[] = [];
	for (let n = 0; n < probes; n++) {
		await delay(REST_MS + Math.random() * 2 * TICK_MS);
		const painted = page.evaluate(untilChanged, PROBE_LIMIT_MS);
		// The page must be looking before anything happens.
		await page.evaluate(() => 0);
		const sentAt = await flip();
		const paintedAt = await painted;
		if (paintedAt !== null) latencies.push(paintedAt - sentAt);
	}
	await traffic.stop();
	return { latencies, missing: probes - latencies.length };
}

/** The station whose nearest neighbour is farthest: nothing else is drawn over it. */
async function loneliest({ url, person: { headers } }: City): Promise<string> {
	const response = await fetch(`${url}/api/state?scope=city`, { headers });
	const { stations } = (await response.json()) as {
		stations: { code: string; kind: string; telemetry: string; lng: number | null; lat: number | null }[];
	};
	const placed = stations.flatMap(({ code, kind, telemetry, lng, lat }) =>
		lng === null || lat === null ? [] : [{ code, kind, telemetry, lng, lat }]
	);
	const near = (one: { code: string; lng: number; lat: number }): number =>
		Math.min(
			...placed.filter(({ code }) => code !== one.code).map(({ lng, lat }) => Math.hypot(lng - one.lng, lat - one.lat))
		);
	const candidates = placed.filter(({ kind, telemetry }) => kind === 'service_station' && telemetry === 'live');
	const [first] = candidates.map((one) => ({ code: one.code, far: near(one) })).sort((a, b) => b.far - a.far);
	if (!first) throw new Error('The city has no station that reports by itself.');
	return first.code;
}

interface Watched {
	pictures?: Map<HTMLCanvasElement, ImageData>;
	canvas?: HTMLCanvasElement;
	place?: { x: number; y: number; width: number; height: number };
}

declare global {
	interface Window {
		watched?: Watched;
	}
}

/** Runs in the page: what every canvas of the map shows. */
function rememberPictures(): void {
	const pictures = new Map<HTMLCanvasElement, ImageData>();
	for (const canvas of document.querySelectorAll<HTMLCanvasElement>(
		'[data-testid="map"] canvas[data-layer="points"]'
	)) {
		const picture = canvas.width > 0 && canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
		if (picture) pictures.set(canvas, picture);
	}
	window.watched = { pictures };
}

/** Runs in the page: the canvas and the box of the pixels that are others than before. */
function findPlace(): void {
	const watched = window.watched ?? {};
	for (const [canvas, before] of watched.pictures ?? []) {
		const now = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? before.data;
		let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
		for (let i = 0; i < now.length; i += 4) {
			if (now[i] === before.data[i] && now[i + 1] === before.data[i + 1] && now[i + 3] === before.data[i + 3]) continue;
			const [x, y] = [(i / 4) % canvas.width, Math.floor(i / 4 / canvas.width)];
			[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
		}
		if (right < 0) continue;
		watched.canvas = canvas;
		watched.place = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
		delete watched.pictures;
		return;
	}
	throw new Error('No pixel of the map changed with the station.');
}

/** Runs in the page: ms (clock) of the frame after the one that finds the pixels changed; null when none does in time. */
async function untilChanged(limitMs: number): Promise<number | null> {
	const { canvas, place } = window.watched ?? {};
	const pen = canvas?.getContext('2d');
	if (!pen || !place) throw new Error('nothing is watched');
	const read = (): string => pen.getImageData(place.x, place.y, place.width, place.height).data.join();
	const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
	const before = read();
	const giveUpAt = performance.now() + limitMs;
	while (performance.now() < giveUpAt) {
		await frame();
		if (read() === before) continue;
		await frame();
		return Date.now();
	}
	return null;
}
