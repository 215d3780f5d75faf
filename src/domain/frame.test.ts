import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	applyFrame,
	FRAME_DEFLATED,
	FRAME_PLAIN,
	openFrame,
	packFrame,
	unpackFrame,
	type ColumnPatch,
	type Frame,
	type TopicState
} from './frame.ts';
import { COLUMNS, FIELDS, type Field } from './table.ts';
import type { SiteBrief } from './view.ts';

const ranges: Record<string, [number, number]> = {
	Uint8Array: [0, 255],
	Uint32Array: [0, 4_294_967_295],
	Int32Array: [-2_147_483_648, 2_147_483_647],
	Int16Array: [-32_768, 32_767]
};

/** Rows that grow, in small and in large topics, and values over the whole range of the column. */
function patchOf(field: Field): fc.Arbitrary<ColumnPatch> {
	const { array } = COLUMNS[field];
	const [min, max] = ranges[array.name]!;
	const row = fc.oneof(fc.nat(100), fc.nat(65_536), fc.nat(300_000));
	return fc
		.uniqueArray(fc.tuple(row, fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }))), {
			selector: ([at]) => at,
			minLength: 1,
			maxLength: 30
		})
		.map((pairs) => {
			const sorted = pairs.toSorted(([a], [b]) => a - b);
			return { rows: Uint32Array.from(sorted, ([at]) => at), values: new array(sorted.map(([, value]) => value)) };
		});
}

const columns = fc.record(Object.fromEntries(FIELDS.map((field) => [field, patchOf(field)])), { requiredKeys: [] });
const brief: SiteBrief = {
	code: 'S-1',
	name: '无锡站 “一”',
	kind: 'service_station',
	district: null,
	street: 's',
	lng: 120.123456789,
	lat: null,
	lifecycle: 'open',
	telemetry: 'live',
	periodSeconds: 60
};

const frame: fc.Arbitrary<Frame> = fc
	.record(
		{
			topic: fc.constantFrom('city', 'district:锡山'),
			epoch: fc.string({ maxLength: 12 }),
			seq: fc.nat(2 ** 31),
			asOf: fc.integer({ min: 0, max: 4_102_444_800_000 }),
			columns,
			directory: fc.record({
				sites: fc.array(fc.constant(brief), { maxLength: 3 }),
				areas: fc.constant([{ code: '1', name: '市', level: 'city' as const, parentCode: null }]),
				isDemo: fc.boolean()
			}),
			sources: fc.array(
				fc.record({ source: fc.string(), lastSeen: fc.integer({ min: 0, max: 4e12 }), periodSeconds: fc.nat() }),
				{ maxLength: 2 }
			),
			details: fc.constant({
				devices: [{ device: 'a', kind: 'door', state: 'fault', reason: null, at: 1_780_272_000_001 }],
				supplies: [{ item: '水', quantity: 1.5, expiresOn: '2026-01-01', at: 5 }],
				occupations: [0, 3, 70_000]
			}),
			occupations: fc.array(fc.record({ area: fc.string(), counts: fc.array(fc.nat()) }), { maxLength: 3 })
		},
		{ requiredKeys: ['topic', 'epoch', 'seq', 'asOf', 'columns'] }
	)
	.map((one) => one as Frame);

describe('packFrame and openFrame', () => {
	test('[FM2] what was packed is read again exactly, for every kind of column, plain and compressed', async () => {
		await fc.assert(
			fc.asyncProperty(frame, fc.boolean(), async (one, isDeflated) => {
				const packed = packFrame(one);
				const body = isDeflated ? deflateRawSync(packed) : packed;
				const opened = await openFrame(Uint8Array.of(isDeflated ? FRAME_DEFLATED : FRAME_PLAIN, ...body));
				expect(opened).toEqual(one);
				for (const field of FIELDS)
					expect(opened.columns[field]?.values.constructor).toBe(one.columns[field]?.values.constructor);
			}),
			{ seed: 7, numRuns: 200 }
		);
	});

	test('[FM2] a patch of a part of a larger array carries that part alone', () => {
		const rows = Uint32Array.of(9, 4, 70_000, 9).subarray(1, 3);
		const values = Int16Array.of(1, -5, 6, 1).subarray(1, 3);
		const { columns: back } = unpackFrame(
			packFrame({ topic: 'city', epoch: 'e', seq: 1, asOf: 1, columns: { temperature: { rows, values } } })
		);
		expect(back).toEqual({ temperature: { rows: Uint32Array.of(4, 70_000), values: Int16Array.of(-5, 6) } });
	});

	test('[FM2] a message of another packing is refused', async () => {
		await expect(openFrame(Uint8Array.of(9, 1, 2))).rejects.toThrow('unknown packing');
		await expect(openFrame(Uint8Array.of(FRAME_DEFLATED, 255, 255, 255))).rejects.toThrow();
	});
});

describe('applyFrame', () => {
	const directory = { sites: [brief, brief], areas: [], isDemo: false };
	const at = (seq: number, more: Partial<Frame> = {}): Frame => ({
		topic: 'city',
		epoch: 'a',
		seq,
		asOf: seq,
		columns: {},
		...more
	});
	const inside = (value: number) => ({ inside: { rows: Uint32Array.of(1), values: Int32Array.of(value) } });
	const joined = (): TopicState => applyFrame(null, at(5, { directory, columns: inside(3) })).state!;

	test('[FM1] a patch without a state, of another epoch, or after a hole is a gap and changes nothing', () => {
		expect(applyFrame(null, at(1))).toEqual({ outcome: 'gap', state: null });
		const state = joined();
		for (const frameAfterHole of [at(7, { columns: inside(9) }), at(6, { epoch: 'b', columns: inside(9) })]) {
			expect(applyFrame(state, frameAfterHole).outcome).toBe('gap');
			expect([state.seq, state.columns.inside[1]]).toEqual([5, 3]);
		}
	});

	test('[FM1] what was applied already is ignored, patch or snapshot', () => {
		const state = joined();
		expect(applyFrame(state, at(5, { columns: inside(9) })).outcome).toBe('ignored');
		expect(applyFrame(state, at(4, { directory, columns: inside(9) })).outcome).toBe('ignored');
		expect(state.columns.inside[1]).toBe(3);
	});

	test('[FM1] the next patch and any snapshot of another epoch are applied', () => {
		const state = joined();
		expect(applyFrame(state, at(6, { columns: inside(4) }))).toMatchObject({ outcome: 'applied' });
		expect([state.seq, state.asOf, state.columns.inside[0], state.columns.inside[1]]).toEqual([6, 6, -1, 4]);
		const other = applyFrame(state, at(1, { epoch: 'b', directory }));
		expect(other.outcome).toBe('applied');
		expect([other.state?.seq, other.state?.columns.inside[1]]).toEqual([1, -1]);
	});
});
