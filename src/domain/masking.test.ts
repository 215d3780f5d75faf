import { describe, expect, test } from 'vitest';
import { seededRandom } from '#test/support/stations.ts';
import { maskAreas } from './area-masks.ts';
import { FEWEST_TOLD, maskRow, maskTree, type CountRow, type MaskedCounts } from './masking.ts';
import type { Area } from './site.ts';

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** What is hidden of an equation whose sum is known may not follow from it: not one alone, nor only zeros, nor only ones. */
function expectHidden(where: string, cells: readonly (readonly [count: number, told: number | null])[]): void {
	const hidden = cells.filter(([, told]) => told === null).map(([count]) => count);
	if (hidden.length === 0) return;
	const isFound = hidden.length === 1 || hidden.every((count) => count === 0) || hidden.every((count) => count === 1);
	expect([where, hidden, isFound]).toEqual([where, hidden, false]);
}

describe('[PE20] a row', () => {
	test('hides its small counts, keeps its zeros, and hides the next smallest beside a lone one', () => {
		expect(maskRow([0, 9, 2, 5, 0])).toEqual([0, 9, null, null, 0]);
		expect(maskRow([0, 9, 2, 1, 7])).toEqual([0, 9, null, null, 7]);
		expect(maskRow([0, 3, 9])).toEqual([0, 3, 9]);
		expect(maskRow([0, 0, 0])).toEqual([0, 0, 0]);
	});

	test('hides a third where two are one each, and a 0 where there is nothing else', () => {
		expect(maskRow([1, 1, 8, 5])).toEqual([null, null, 8, null]);
		expect(maskRow([0, 2, 0, 0]).filter((count) => count === null)).toHaveLength(2);
		expect(maskRow([1, 1, 0, 0])).toEqual([null, null, null, 0]);
	});
});

describe('[PE20] areas and their parts', () => {
	test('a street is not found from the district and the other streets', () => {
		const district = { counts: [9, 20], parent: -1, isSmall: false };
		const street = (counts: number[]): CountRow => ({ counts, parent: 0, isSmall: true });
		expect(maskTree([district, street([2, 6]), street([3, 5]), street([4, 9])])).toEqual([
			[9, 20],
			[null, null],
			[null, null],
			[4, 9]
		]);
	});

	test('where no other street can hide it, the district is hidden as well', () => {
		const rows = [
			{ counts: [1, 20, 30], parent: -1, isSmall: false },
			{ counts: [1, 20, 30], parent: 0, isSmall: true }
		];
		expect(maskTree(rows)).toEqual([
			[null, null, 30],
			[null, null, 30]
		]);
	});
});

const WIDTH = 6;

/** A city of districts, streets and stations with few and many visits, some outside of streets and districts. */
function randomCity(seed: number) {
	const random = seededRandom(seed);
	const below = (limit: number): number => Math.floor(random() * limit);
	const busy = below(3);
	const row = (): number[] =>
		Array.from({ length: WIDTH }, () => (below(3) === 0 ? 0 : below([2, 4, 40][busy] ?? 4))).map((count) =>
			below(2) === 0 ? count : 0
		);
	const areas: Area[] = [{ code: 'c', name: 'c', level: 'city', parentCode: null }];
	const stations: { district: string | null; street: string | null; counts: number[] }[] = [];
	for (let d = 0; d < 1 + below(3); d++) {
		const district = `d${d}`;
		areas.push({ code: district, name: district, level: 'district', parentCode: 'c' });
		for (let s = 0; s < 1 + below(4); s++) {
			const street = `${district}-s${s}`;
			areas.push({ code: street, name: street, level: 'street', parentCode: district });
			for (let n = 0; n < 1 + below(4); n++) stations.push({ district, street, counts: row() });
		}
		for (let n = 0; n < below(3); n++) stations.push({ district, street: null, counts: row() });
	}
	for (let n = 0; n < below(2); n++) stations.push({ district: null, street: null, counts: row() });
	const sums = areas.map(({ code, level }) => ({
		area: code,
		counts: Array.from({ length: WIDTH }, (_, i) =>
			total(stations.filter((one) => level === 'city' || one[level] === code).map(({ counts }) => counts[i]!))
		)
	}));
	return { areas, stations, sums };
}

describe('[PE20] of any city', () => {
	const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);

	test('no small count of a street or station is told, what is told is right, and nothing follows by subtraction', () => {
		for (const seed of SEEDS) {
			const { areas, stations, sums } = randomCity(seed);
			const masks = maskAreas(areas, sums);
			const told = new Map(masks.areas.map(({ area, counts }) => [area, counts]));
			const raw = new Map(sums.map(({ area, counts }) => [area, counts]));
			for (const { code, level } of areas) {
				const [counts, shown] = [raw.get(code)!, told.get(code)!];
				shown.forEach((count, i) => {
					if (count !== null) expect([seed, code, count]).toEqual([seed, code, counts[i]]);
					if (level === 'street' && counts[i]! > 0) expect(count ?? FEWEST_TOLD).toBeGreaterThanOrEqual(FEWEST_TOLD);
				});
				expectHidden(
					`${seed} ${code}`,
					counts.map((count, i) => [count, shown[i]!])
				);
			}
			const families = Map.groupBy(stations, ({ district, street }) => street ?? `rest of ${district}`);
			for (const [name, family] of families) {
				const { district, street } = family[0]!;
				const shown = masks.partsOf(
					{ district, street },
					family.map(({ counts }) => counts)
				);
				const above: MaskedCounts | undefined = street === null ? undefined : told.get(street);
				family.forEach(({ counts }, n) => {
					counts.forEach((count, i) => {
						const one = shown[n]![i]!;
						if (one !== null) expect([seed, name, one]).toEqual([seed, name, count]);
						if (count > 0 && one !== null) expect(one).toBeGreaterThanOrEqual(FEWEST_TOLD);
					});
					const isNothingTold = shown[n]!.every((one) => one === null);
					if (!isNothingTold)
						expectHidden(
							`${seed} ${name} ${n}`,
							counts.map((count, i) => [count, shown[n]![i]!])
						);
				});
				// Where nothing is told of any station, all that is known is the street itself.
				if (!above || shown.every((row) => row.every((one) => one === null))) continue;
				above.forEach((whole, i) => {
					if (whole === null) return;
					const cells = family.flatMap(({ counts }, n) =>
						total(counts) > 0 ? [[counts[i]!, shown[n]![i]!] as const] : []
					);
					expectHidden(`${seed} ${name} column ${i}`, cells);
				});
			}
		}
	});

	test('districts and streets are not found from what lies above them', () => {
		for (const seed of SEEDS) {
			const { areas, sums } = randomCity(seed);
			const told = new Map(maskAreas(areas, sums).areas.map(({ area, counts }) => [area, counts]));
			const raw = new Map(sums.map(({ area, counts }) => [area, counts]));
			for (const { code } of areas) {
				const parts = areas.filter(({ parentCode }) => parentCode === code).map((part) => part.code);
				if (parts.length === 0) continue;
				const left = raw.get(code)!.map((whole, i) => whole - total(parts.map((part) => raw.get(part)![i]!)));
				told.get(code)!.forEach((whole, i) => {
					if (whole === null) return;
					const visited = parts.filter((part) => total(raw.get(part)!) > 0);
					const cells = visited.map((part) => [raw.get(part)![i]!, told.get(part)![i]!] as const);
					// What lies in no part is never shown; it is found where everything else is shown.
					const isOpen = cells.some(([, one]) => one === null) || (left[i]! > 0 && left[i]! < FEWEST_TOLD);
					const rest = total(left) > 0 && isOpen ? [[left[i]!, null] as const] : [];
					expectHidden(`${seed} ${code} ${i}`, [...cells, ...rest]);
				});
			}
		}
	});

	test('most is told where much happened', () => {
		const counts = Array.from({ length: 16 }, (_, i) => 20 + i);
		const street = (more: number[]): CountRow => ({
			counts: [...more, ...counts.slice(more.length)],
			parent: 0,
			isSmall: true
		});
		const streets = [street([2]), ...Array.from({ length: 9 }, () => street([]))];
		const city = {
			counts: counts.map((_, i) => total(streets.map((one) => one.counts[i]!))),
			parent: -1,
			isSmall: false
		};
		const hidden = maskTree([city, ...streets])
			.flat()
			.filter((count) => count === null);
		expect(hidden).toHaveLength(4);
	});
});
