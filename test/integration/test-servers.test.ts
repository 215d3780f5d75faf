import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabases } from '#test/support/databases.ts';
import { startTestRedis, type TestRedis } from '#test/support/redis.ts';

describe.each(testDatabases())('the test database on $name', ({ name, open }) => {
	test('is migrated and shares nothing with the one opened before', async () => {
		for (let round = 0; round < 2; round++) {
			const database = await open();
			expect(database.kind).toBe(name);
			// Fails when the table of the round before is still there.
			await database.db.execute(sql`create table left_behind (id int)`);
			await database.migrate();
			await database.close();
		}
	});
});

describe('the test Redis', () => {
	let redis: TestRedis;
	beforeAll(async () => {
		redis = await startTestRedis();
	});
	afterAll(async () => {
		await redis.stop();
	});

	test('comes back with its data after it was killed, and its clients with it', async () => {
		const client = await redis.client();
		const id = await client.xAdd('ops:events:0', '*', { e: '{}' });
		const isDown = redis.next('down');
		const isUp = redis.next('up');
		redis.kill();
		await isDown;
		await isUp;
		const entries = await client.xRange('ops:events:0', '-', '+');
		expect(entries?.map((entry) => entry.id)).toEqual([id]);
	});
});
