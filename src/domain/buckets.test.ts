import { describe, expect, test } from 'vitest';
import { BUCKET, BUCKET_WIDTH, ClosedPieces, openRow, PIECE_WIDTH } from './buckets.ts';

function rowsWith(count: number, index: number): Int32Array {
	const rows = new Int32Array(count * BUCKET_WIDTH);
	for (let slot = 0; slot < count; slot++) {
		openRow(rows, slot * BUCKET_WIDTH, index);
		rows[slot * BUCKET_WIDTH + BUCKET.visits] = slot + 1;
	}
	return rows;
}

const slotsOf = (pieces: Int32Array): number[] =>
	Array.from({ length: pieces.length / PIECE_WIDTH }, (_, i) => pieces[i * PIECE_WIDTH]!);

describe('ClosedPieces', () => {
	test('[BU2] takes pieces out in portions, each once', () => {
		const pieces = new ClosedPieces();
		const rows = rowsWith(1000, 77);
		for (let slot = 0; slot < 1000; slot++) pieces.close(rows, slot);
		for (let slot = 0; slot < 1000; slot++) pieces.close(rows, slot);
		pieces.late(5, 70)[BUCKET.visits] = 9;
		expect(pieces.size).toBe(1001);
		const portions = [pieces.take(300), pieces.take(300), pieces.take(10_000), pieces.take(5)];
		expect(portions.map((portion) => portion.length / PIECE_WIDTH)).toEqual([300, 300, 401, 0]);
		const late = portions[2]!.slice(-PIECE_WIDTH);
		expect([late[0], late[1 + BUCKET.index], late[1 + BUCKET.visits]]).toEqual([5, 70, 9]);
		expect(portions.slice(0, 2).flatMap(slotsOf)).toEqual(Array.from({ length: 600 }, (_, slot) => slot));
		expect(pieces.size).toBe(0);
	});

	test('[BU3] a late piece is one per site and 5 minutes until a commit takes it; then a further one begins', () => {
		const pieces = new ClosedPieces();
		pieces.late(3, 70)[BUCKET.events] = 1;
		expect(pieces.late(3, 70)[BUCKET.events]).toBe(1);
		expect(pieces.late(3, 71)[BUCKET.events]).toBe(0);
		expect(pieces.late(4, 70)[BUCKET.events]).toBe(0);
		expect(pieces.size).toBe(3);
		pieces.take(10);
		expect(pieces.late(3, 70)[BUCKET.events]).toBe(0);
		expect(pieces.late(536_870_911, 16_777_215)[BUCKET.insideMax]).toBe(-1);
		expect(slotsOf(pieces.take(10))).toEqual([3, 536_870_911]);
	});

	test('a copy and its restoring lose nothing and take nothing', () => {
		const pieces = new ClosedPieces();
		const rows = rowsWith(200, 99);
		for (let slot = 0; slot < 200; slot++) pieces.close(rows, slot);
		pieces.late(7, 12)[BUCKET.visits] = 3;
		const copy = pieces.copy();
		const other = new ClosedPieces();
		other.restore(copy);
		expect(other.size).toBe(201);
		expect(pieces.size).toBe(201);
		expect(other.take(1000)).toEqual(pieces.take(1000));
	});
});
