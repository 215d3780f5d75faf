import { expect, test } from 'vitest';
import { BUCKET, PIECE_WIDTH } from '#domain/buckets.ts';
import { OCCUPATION_PIECE_WIDTH } from '#domain/occupation-pieces.ts';
import { dayOf, DAY_MS, dayStart } from '#domain/shanghai.ts';
import { DAY_ROW_WIDTH } from '#domain/state.ts';
import { demoCity } from './city.ts';
import { simulateDay } from './day.ts';
import { pastDay, pastHours, type PastSite } from './past.ts';
import { modelsOf, simSitesOf } from './sim-site.ts';

const SEED = 1;
const DAY = dayOf(Date.parse('2026-11-18T04:00:00Z'));
const sites = simSitesOf(demoCity(SEED).sites).slice(0, 60);
const models = new Map(modelsOf(SEED, sites).map((model) => [model.site.code, model]));
const places: PastSite[] = sites.map((site, slot) => ({ site, slot, model: models.get(site.code) ?? null }));
const past = pastDay(SEED, places, DAY);
const hours = pastHours(places, DAY);

function rowsOf(all: Int32Array, width: number): number[][] {
	return Array.from({ length: all.length / width }, (_, index) => [
		...all.subarray(index * width, (index + 1) * width)
	]);
}

test('counts the visits that the simulation of that day sends, hour by hour', () => {
	const sent = new Map<string, number>();
	for (const event of simulateDay({ seed: SEED, sites, fromMs: dayStart(DAY), untilMs: dayStart(DAY) + DAY_MS })) {
		if (event.type !== 'station.visited') continue;
		const slot = sites.findIndex(({ code }) => code === event.subject);
		const hour = Math.floor(Date.parse(event.time) / 3_600_000);
		sent.set(`${slot} ${hour}`, (sent.get(`${slot} ${hour}`) ?? 0) + (event.data.count ?? 1));
	}
	const kept = new Map(
		rowsOf(past.pieces, PIECE_WIDTH)
			.filter((row) => row[1 + BUCKET.visits] !== 0)
			.map((row) => [`${row[0]} ${(row[1 + BUCKET.index] ?? 0) / 12}`, row[1 + BUCKET.visits] ?? 0])
	);
	expect(sent.size).toBeGreaterThan(50);
	expect(kept).toEqual(sent);
});

test('occupations sum to the visits', () => {
	const sum = (rows: number[][], place: number): number => rows.reduce((total, row) => total + (row[place] ?? 0), 0);
	expect(sum(rowsOf(past.occupations, OCCUPATION_PIECE_WIDTH), 3)).toBe(
		sum(rowsOf(past.pieces, PIECE_WIDTH), 1 + BUCKET.visits)
	);
});

test('posted seconds are open, closed or unknown; a site of which nobody tells is all unknown', () => {
	for (const [slot, day, posted = 0, open = 0, unknown = 0] of rowsOf(hours, DAY_ROW_WIDTH)) {
		expect(day).toBe(DAY);
		expect(open + unknown).toBeLessThanOrEqual(posted);
		if (!places[slot ?? -1]?.model) expect(unknown).toBe(posted);
	}
	const open = rowsOf(hours, DAY_ROW_WIDTH).filter(([, , , seconds = 0]) => seconds > 0);
	expect(open.length).toBeGreaterThan(5);
});

test('is the same whenever it is asked, in one go or in parts', () => {
	expect(pastDay(SEED, places, DAY)).toEqual(past);
	const parts = [places.slice(0, 25), places.slice(25)];
	const days = parts.map((part) => pastDay(SEED, part, DAY));
	expect(days.flatMap(({ pieces }) => [...pieces])).toEqual([...past.pieces]);
	expect(days.flatMap(({ occupations }) => [...occupations])).toEqual([...past.occupations]);
	expect(parts.flatMap((part) => [...pastHours(part, DAY)])).toEqual([...hours]);
});
