import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPostgres, type OpenDatabase } from '#db/client.ts';
import type { AuditEntry } from '#server/access/audit.ts';
import { openAudit, type OpenAudit } from '#server/access/audit-log.ts';
import type { Actor } from '#server/access/caller.ts';
import { hashOfRecord, type AuditRecord } from '#server/audit/chain.ts';
import { AUDIT_COMMANDS } from '#server/audit/commands.ts';
import { WITHHELD } from '#server/audit/detail.ts';
import { COLLECTED, MAX_KINDS_EACH, WINDOW_MS } from '#server/audit/repetitions.ts';
import { auditRoutes, type AuditList } from '#server/audit/routes.ts';
import { headText, verifyAudit, type ChainReport } from '#server/audit/verify.ts';
import { appendAuditIn, auditEnds, auditHead, auditPage } from '#server/store/audit-store.ts';
import { query } from '#server/store/query.ts';
import { draftOf } from '#server/audit/draft.ts';
import { testDatabases } from '#test/support/databases.ts';
import { EVERYTHING, openDoors, type TestDoors } from '#test/support/doors.ts';

const START = Date.parse('2026-11-22T01:30:00Z');
const LI: Actor = { kind: 'person', id: 'p-1', name: 'li.na', address: '10.0.0.7' };

const entry = (number: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
	actor: LI,
	action: 'grant.approved',
	object: `grant:${number}`,
	scope: 'district:320214',
	result: 'ok',
	detail: { number },
	...more
});

describe.each(testDatabases())('the audit on $name', ({ name, open }) => {
	let database: OpenDatabase;
	let audit: OpenAudit;
	let nowMs = START;
	const errors: Error[] = [];
	const now = (): number => nowMs;

	beforeAll(async () => {
		database = await open();
	});
	afterAll(() => database.close());
	beforeEach(async () => {
		nowMs = START;
		errors.length = 0;
		audit = openAudit({ db: database.db, now, onError: (error) => errors.push(error) });
	});
	afterEach(async () => {
		vi.useRealTimers();
		await audit.close();
		await tamper('delete from audit', 'delete from audit_head', "insert into audit_head values (1, 0, '')");
	});

	const all = (): Promise<AuditRecord[]> => auditPage(database.db, { after: -1000, to: 1e9, limit: 100_000 });
	const add = (count: number): Promise<unknown> =>
		Promise.all(Array.from({ length: count }, (_, index) => audit.record(entry(index + 1))));
	/** As somebody does it who has the rights of the database's owner. */
	async function tamper(...statements: string[]): Promise<void> {
		await query(database.db, sql`alter table audit disable trigger all`);
		for (const statement of statements) await query(database.db, sql.raw(statement));
		await query(database.db, sql`alter table audit enable trigger all`);
	}
	const verify = (): Promise<ChainReport> => verifyAudit(database.db);
	const kinds = ({ problems }: ChainReport): string[] => problems.map(({ seq, kind }) => `${seq} ${kind}`);

	describe('the chain', () => {
		test('[AU1] each record has the hash of its fields and of the record before it', async () => {
			await add(3);
			const records = await all();
			expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
			expect(records.map(({ previousHash }) => previousHash)).toEqual(['', records[0]?.hash, records[1]?.hash]);
			for (const record of records) expect(record.hash).toBe(hashOfRecord(record));
			expect(records[0]).toMatchObject({
				...{ at: '2026-11-22T01:30:00.000000Z', actorKind: 'person', actorId: 'p-1', actorName: 'li.na' },
				...{ address: '10.0.0.7', action: 'grant.approved', object: 'grant:1', scope: 'district:320214' },
				...{ result: 'ok', detail: '{"number":1}' }
			});
			expect(await auditHead(database.db)).toEqual({ seq: 3, hash: records[2]?.hash });
			expect(await verify()).toMatchObject({ ok: true, records: 3, problems: [] });
		});

		test('holds without a record, and says so', async () => {
			expect(await verify()).toEqual({ ok: true, records: 0, head: { seq: 0, hash: '' }, problems: [], found: 0 });
		});

		test('[AU2] what is recorded at once keeps its order and is written together', async () => {
			await add(1200);
			const objects = (await all()).map(({ object }) => object);
			expect(objects).toEqual(Array.from({ length: 1200 }, (_, index) => `grant:${index + 1}`));
			expect(await verify()).toMatchObject({ ok: true, records: 1200 });
		});

		test('[AU2] a record is kept or not with the transaction that it is added in', async () => {
			const draft = draftOf(entry(1), START);
			const failed = database.db.transaction(async (tx) => {
				await appendAuditIn(tx, [draft]);
				throw new Error('undone');
			});
			await expect(failed).rejects.toThrow('undone');
			await database.db.transaction((tx) => appendAuditIn(tx, [draft, draft]));
			expect(await verify()).toMatchObject({ ok: true, records: 2 });
		});

		test.each([
			['NUL', '\0'],
			['half a character', '\ud800'],
			['a statement', "'; drop table audit; --"],
			['quotes', '"'],
			['any language', '驿站 🏠'],
			['too much', 'x'.repeat(5000)],
			['nothing', '']
		])('whatever a name holds (%s), the record is written and its hash is found again', async (_, text) => {
			const actor: Actor = { kind: 'nobody', id: text, name: text, address: text };
			const detail = { [`a${text}`]: text, list: [text] };
			await audit.record({ actor, action: `x.${text}`, object: text, scope: text, result: 'failed', detail });
			expect(await verify()).toMatchObject({ ok: true, records: 1 });
		});

		test('a detail that is no JSON fails for its own record alone', async () => {
			const circle: { self?: unknown } = {};
			circle.self = circle;
			const bad = audit.record(entry(1, { detail: circle }));
			const good = audit.record(entry(2));
			await expect(bad).rejects.toThrow();
			await good;
			expect(await verify()).toMatchObject({ ok: true, records: 1 });
		});

		test('a record that could not be committed is said to its caller, and the next goes on', async () => {
			await tamper('update audit_head set id = 2');
			await expect(audit.record(entry(1))).rejects.toThrow('no head');
			await tamper('update audit_head set id = 1');
			await audit.record(entry(2));
			expect(await verify()).toMatchObject({ ok: true, records: 1 });
		});
	});

	describe('what was written', () => {
		test.each([
			"update audit set result = 'ok'",
			'delete from audit where seq = 1',
			'truncate audit',
			'insert into audit select * from audit on conflict (seq) do update set detail = excluded.detail'
		])('[AU3] is not changed: %s is refused by the database itself', async (statement) => {
			await add(2);
			await expect(query(database.db, sql.raw(statement))).rejects.toMatchObject({
				cause: { message: 'The audit is append-only.' }
			});
			expect(await verify()).toMatchObject({ ok: true, records: 2 });
		});

		const FIELDS: [string, string][] = [
			['at', "at + interval '1 microsecond'"],
			['actor_kind', "'system'"],
			['actor_id', "'p-2'"],
			['actor_name', 'null'],
			['address', "'10.0.0.8'"],
			['action', "'grant.declined'"],
			['object', "''"],
			['scope', "'city'"],
			['result', "'refused'"],
			['detail', "'{}'"],
			['previous_hash', "repeat('0', 64)"],
			['hash', "repeat('0', 64)"]
		];
		test.each(FIELDS)('[AU6] an edit of %s around the trigger is found', async (column, value) => {
			await add(5);
			await tamper(`update audit set ${column} = ${value} where seq = 3`);
			const report = await verify();
			expect(report.ok).toBe(false);
			expect(kinds(report)).toContain('3 changed');
		});

		test('[AU6] null is not the empty text', async () => {
			await audit.record(entry(1, { object: null }));
			await tamper("update audit set object = '' where seq = 1");
			expect(kinds(await verify())).toEqual(['1 changed']);
		});

		test('[AU6] an edit with a hash that fits breaks the record after it', async () => {
			await add(5);
			const third = (await all())[2];
			if (!third) throw new Error('there are five');
			const hash = hashOfRecord({ ...third, actorName: 'wang.wei' });
			await tamper(`update audit set actor_name = 'wang.wei', hash = '${hash}' where seq = 3`);
			expect(kinds(await verify())).toEqual(['4 unlinked']);
		});

		test('[AU6] a record taken out of the middle leaves a gap', async () => {
			await add(6);
			await tamper('delete from audit where seq in (2, 4, 5)');
			const report = await verify();
			expect(kinds(report)).toEqual(['3 missing', '6 missing']);
			expect(report.problems[1]?.message).toBe('Records 4 to 5 are missing.');
		});

		test('[AU6] a gap that is closed by new numbers is found, too', async () => {
			await add(6);
			await tamper('delete from audit where seq = 3', 'update audit set seq = seq - 1 where seq > 3');
			expect(kinds(await verify())).toEqual(['3 changed', '3 unlinked', '4 changed', '5 changed', '6 cut']);
		});

		test('[AU6] the first records removed, or all of them', async () => {
			await add(4);
			await tamper('delete from audit where seq < 3');
			expect(kinds(await verify())).toEqual(['3 missing']);
			await tamper('delete from audit');
			expect(kinds(await verify())).toEqual(['1 cut']);
		});

		test('[AU6] an end that was cut off is told by the head', async () => {
			await add(5);
			await tamper('delete from audit where seq > 3');
			const report = await verify();
			expect(report.problems).toEqual([
				{ seq: 4, kind: 'cut', message: 'Records 4 to 5 are missing: the end of the chain was cut off.' }
			]);
			expect(report.head.seq).toBe(5);
		});

		test('[AU6] records put in before the first, in between and behind the head', async () => {
			await add(4);
			const copy = (seq: number) =>
				`insert into audit select ${seq}, at, actor_kind, actor_id, actor_name, address, action, object, scope,
				result, detail, previous_hash, hash from audit where seq = 2`;
			await tamper(copy(0), copy(5), copy(-7));
			expect(kinds(await verify())).toEqual([
				...['-7 changed', '-7 inserted', '0 changed', '0 inserted', '5 changed', '5 inserted']
			]);
			await tamper('delete from audit where seq not between 1 and 4', copy(99));
			await tamper('delete from audit where seq = 3', 'update audit set seq = 3 where seq = 99');
			expect(kinds(await verify())).toEqual(['3 changed', '3 unlinked', '4 unlinked']);
			await tamper('update audit set seq = 9223372036854775807 where seq = 4');
			expect(kinds(await verify())).toContain('3 inserted');
		});

		test('[AU6] a head that was moved or removed', async () => {
			await add(3);
			await tamper('update audit_head set seq = 2');
			expect(kinds(await verify())).toEqual(['2 head', '3 inserted']);
			await tamper("update audit_head set seq = 3, hash = repeat('1', 64)");
			expect(kinds(await verify())).toEqual(['3 head']);
			await tamper('delete from audit_head');
			expect(kinds(await verify())).toEqual(['3 head']);
		});

		test('[AU6] a whole chain written anew holds in itself; a head that was written down finds it', async () => {
			await add(5);
			const writtenDown = await auditHead(database.db);
			await add(3);
			expect(await verifyAudit(database.db, writtenDown)).toMatchObject({ ok: true });
			await tamper('delete from audit', "update audit_head set seq = 0, hash = ''");
			await Promise.all(
				Array.from({ length: 8 }, (_, index) => audit.record(entry(index + 1, { actor: { ...LI, name: 'wang.wei' } })))
			);
			expect(await verify()).toMatchObject({ ok: true, records: 8 });
			const report = await verifyAudit(database.db, writtenDown);
			expect([report.ok, kinds(report)]).toEqual([false, ['5 rewritten']]);
			const beyond = { seq: 99, hash: writtenDown.hash };
			expect(kinds(await verifyAudit(database.db, beyond))).toEqual(['99 rewritten']);
		});

		test('a thousand broken records: the first are listed, all are counted, the end is still told', async () => {
			await add(1100);
			await tamper('update audit set detail = \'{"forged":true}\'', 'delete from audit where seq = 1100');
			const report = await verify();
			expect([report.found, report.problems.length, report.problems.at(-1)?.kind]).toEqual([1100, 101, 'cut']);
		});
	});

	describe('refusals', () => {
		const refusal = (object = 'GET /api/audit', more: Partial<AuditEntry> = {}) => ({
			...{ actor: LI, action: 'door.refused', object, scope: null, detail: { code: 'no_right' } },
			...more
		});
		const written = async (): Promise<[string, string | null, number | null][]> =>
			(await all()).map(({ action, object, detail }) => {
				const times = (JSON.parse(detail) as { times?: number }).times ?? null;
				return [action, object, times];
			});

		test('[AU4] the first is written at once, the repetitions of its minute as one record', async () => {
			vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
			for (let i = 0; i < 1000; i++) audit.refused(refusal());
			audit.refused(refusal('GET /api/other'));
			await audit.record(entry(1));
			expect((await written()).length).toBe(3);
			nowMs += WINDOW_MS;
			vi.advanceTimersByTime(WINDOW_MS);
			await audit.record(entry(2));
			expect((await written())[3]).toEqual(['door.refused', 'GET /api/audit', 999]);
			expect((await written()).length).toBe(5);
			expect(errors).toEqual([]);
		});

		test('[AU4] what waits is written when the audit is closed', async () => {
			for (let i = 0; i < 10; i++) audit.refused(refusal());
			await audit.close();
			expect(await written()).toEqual([
				['door.refused', 'GET /api/audit', null],
				['door.refused', 'GET /api/audit', 9]
			]);
			await expect(audit.record(entry(1))).rejects.toThrow('closed');
			audit.refused(refusal());
			expect(errors).toHaveLength(1);
			expect(await verify()).toMatchObject({ ok: true, records: 2 });
		});

		test('[AU4] ever new objects of one actor become one record', async () => {
			for (let i = 0; i < 5000; i++) audit.refused(refusal(`topic:${i}`, { action: 'join.refused' }));
			await audit.close();
			const records = await written();
			expect(records).toHaveLength(MAX_KINDS_EACH + 1);
			expect(records.at(-1)).toEqual([COLLECTED, null, 5000 - MAX_KINDS_EACH]);
		});

		test('what cannot be written is said, not thrown', async () => {
			await tamper('update audit_head set id = 2');
			audit.refused(refusal());
			await audit.close();
			expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('no head')]);
			await tamper('update audit_head set id = 1');
		});
	});

	describe('the doors', () => {
		let doors: TestDoors;
		beforeEach(async () => {
			const caller = { ...EVERYTHING, userName: 'zhou', displayName: '周审计', id: 'p-9' };
			doors = await openDoors(auditRoutes({ db: database.db, audit, now }), caller);
		});
		afterEach(() => doors.close());

		async function search(params = ''): Promise<AuditList> {
			const response = await fetch(`${doors.url}/api/audit?${params}`);
			expect([params, response.status]).toEqual([params, 200]);
			return (await response.json()) as AuditList;
		}
		const found = ({ records }: AuditList): (string | null)[] => records.map(({ object }) => object);
		const mine = async (params: string) => found(await search(params)).filter((object) => object !== 'audit');

		async function someDays(): Promise<void> {
			for (let day = 0; day < 4; day++) {
				nowMs = START + day * 86_400_000;
				await audit.record(entry(day));
			}
			await audit.record(
				entry(9, { action: 'session.started', actor: { ...LI, id: 'p-2', name: 'Wang.Wei' }, result: 'failed' })
			);
			await audit.record(entry(10, { action: 'sessions.ended', scope: null, object: null, result: 'refused' }));
		}

		test('give the newest first, with hash and previous hash', async () => {
			await add(3);
			const list = await search();
			expect(found(list)).toEqual(['grant:3', 'grant:2', 'grant:1']);
			expect([list.next, list.head.seq]).toEqual([null, 3]);
			expect(list.records[0]?.previousHash).toBe(list.records[1]?.hash);
		});

		test('[AU7] reading is recorded, with what was asked and how much was found, before it is answered', async () => {
			await add(2);
			await search('q=grant:2&from=2026-11-22');
			const [last] = (await all()).slice(-1);
			expect(last).toMatchObject({ seq: 3, action: 'audit.searched', actorName: 'zhou', result: 'ok' });
			expect(JSON.parse(last?.detail ?? '')).toEqual({
				...{ text: 'grant:2', from: '2026-11-21T16:00:00.000Z', found: 1 }
			});
		});

		test('find by text, person, action, result, object, scope and time', async () => {
			await someDays();
			expect(await mine('q=WANG')).toEqual(['grant:9']);
			expect(await mine('q=10.0.0.7&limit=2&before=4')).toEqual(['grant:2', 'grant:1']);
			expect(await mine('actor=p-2')).toEqual(['grant:9']);
			expect(await mine('actor=wang.w')).toEqual(['grant:9']);
			expect(await mine('action=session')).toEqual(['grant:9']);
			expect(await mine('action=session.started')).toEqual(['grant:9']);
			expect(await mine('result=failed')).toEqual(['grant:9']);
			expect(await mine('result=refused')).toEqual([null]);
			expect(await mine('object=grant:1')).toEqual(['grant:1']);
			expect((await mine('scope=district:320214')).length).toBe(5);
			expect(await mine('from=2026-11-23&to=2026-11-24')).toEqual(['grant:2', 'grant:1']);
			expect(await mine('to=2026-11-22T01:30:00Z')).toEqual([]);
			expect(await mine('to=2026-11-22T01:30:00.001Z')).toEqual(['grant:0']);
			expect(await mine('from=2030-01-01')).toEqual([]);
			expect(await mine('q=%25')).toEqual([]);
			expect(found(await search('q=wang'))).toEqual(['grant:9']);
			expect(found(await search('q=wang&action=audit')).length).toBeGreaterThan(0);
			expect(await mine('actor=li.na&from=2026-11-25&result=ok')).toEqual(['grant:3']);
		});

		test('give page after page without a gap or a double', async () => {
			await add(23);
			const paged: (string | null)[] = [];
			let before = 24;
			for (;;) {
				const page = await search(`limit=5&before=${before}&action=grant`);
				paged.push(...found(page));
				if (page.next === null) break;
				before = page.next;
			}
			expect(paged).toEqual(Array.from({ length: 23 }, (_, index) => `grant:${23 - index}`));
		});

		test.each([
			...['limit=0', 'limit=201', 'limit=x', 'before=0', 'before=x', 'result=good', 'scope=nowhere'],
			...['from=yesterday', 'from=2026-02-30', 'to=1', 'from=2026-11-23&to=2026-11-22', `q=${'long'.repeat(51)}`]
		])('refuse %.40s with one sentence', async (params) => {
			for (const path of ['/api/audit', '/api/audit/export']) {
				if (/limit|before/.test(params) && path.endsWith('export')) continue;
				const response = await fetch(`${doors.url}${path}?${params}`);
				expect([response.status, await response.json()]).toMatchObject([400, { code: 'bad_query' }]);
			}
			expect(await all()).toEqual([]);
		});

		test('[AU8] the file says who took it, when, of what, and where the chain ended', async () => {
			await add(3);
			const head = headText(await auditHead(database.db));
			const response = await fetch(`${doors.url}/api/audit/export?format=jsonl&action=grant`);
			expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit-2026-11-22.jsonl"');
			const lines = (await response.text()).trimEnd().split('\n');
			const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
			expect(first).toEqual({
				export: { by: '周审计 (zhou)', at: '2026-11-22T01:30:00.000Z', scope: 'city', 'filter.action': 'grant', head }
			});
			expect(rest.at(-1)).toEqual({ end: { records: 3 } });
			expect(rest.slice(0, -1)).toEqual((await all()).slice(0, 3));
		});

		test('[AU7] an export is recorded before its first byte', async () => {
			await add(1);
			await (await fetch(`${doors.url}/api/audit/export?result=ok`)).text();
			const [last] = (await all()).slice(-1);
			expect(last).toMatchObject({ action: 'audit.exported', actorName: 'zhou', scope: 'city', result: 'ok' });
			expect(JSON.parse(last?.detail ?? '')).toEqual({ format: 'csv', result: 'ok', upTo: 1 });
		});

		test('[AU8] no cell of the CSV is a formula', async () => {
			const evil = ['=1+1', '@SUM(A1)', '+1', '-1', "'=1", '\t=1', 'a","b', '＝1'];
			for (const text of evil) await audit.record(entry(0, { object: text, actor: { ...LI, name: text } }));
			const text = await (await fetch(`${doors.url}/api/audit/export?format=csv`)).text();
			expect(text).toMatch(/^\ufeff?"by","周审计 \(zhou\)"\r\n/);
			const cells = [...text.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell ?? '');
			expect(cells.filter((cell) => /^[=+\-@\t＝]/.test(cell))).toEqual([]);
			expect(cells).toEqual(expect.arrayContaining(["'=1+1", "''=1", 'a"",""b']));
			expect(text.trimEnd().endsWith('"records","8"')).toBe(true);
		});

		test('an export of many pages is whole', async () => {
			await add(1600);
			const text = await (await fetch(`${doors.url}/api/audit/export?format=jsonl`)).text();
			const lines = text.trimEnd().split('\n');
			expect([lines.length, lines.at(-1)]).toEqual([1602, '{"end":{"records":1600}}']);
			const numbers = lines.slice(1, -1).map((line) => (JSON.parse(line) as AuditRecord).seq);
			expect(numbers).toEqual(Array.from({ length: 1600 }, (_, index) => index + 1));
		});

		async function check(body?: string): Promise<{ status: number; body: ChainReport & { code?: string } }> {
			const response = await fetch(`${doors.url}/api/audit/verify`, { method: 'POST', ...(body && { body }) });
			return { status: response.status, body: (await response.json()) as ChainReport };
		}

		test('[AU6] check the chain, with a head that was written down or without', async () => {
			await add(4);
			const head = await auditHead(database.db);
			expect(await check()).toMatchObject({ status: 200, body: { ok: true, records: 4, head, problems: [] } });
			expect(await check(JSON.stringify({ expect: headText(head) }))).toMatchObject({
				status: 200,
				body: { ok: true }
			});
			await tamper('delete from audit where seq = 2');
			const { body } = await check();
			expect([body.ok, kinds(body)]).toEqual([false, ['3 missing']]);
			const [last] = (await all()).slice(-1);
			expect(last).toMatchObject({ action: 'audit.verified', result: 'failed' });
			expect(JSON.parse(last?.detail ?? '')).toMatchObject({ problems: 1 });
		});

		test.each(['{', 'null', '{"expect":5}', '{"expect":"5:abc"}', 'long'.repeat(2000)])(
			'a body like %.20s is answered with what to send',
			async (body) => expect(await check(body)).toMatchObject({ status: 400, body: { code: 'bad_body' } })
		);

		test('[AU6] tell the damage also when the chain takes no record any more', async () => {
			await add(3);
			await tamper('delete from audit_head');
			const { status, body } = await check();
			expect([status, kinds(body)]).toEqual([200, ['3 head']]);
			const report = await AUDIT_COMMANDS.verifyAudit({ db: database.db }, { expect: null });
			expect(kinds(report)).toEqual(['3 head']);
		});

		test('of two checks at once one is told to wait', async () => {
			await add(600);
			const both = await Promise.all([check(), check()]);
			expect(both.map(({ status }) => status).toSorted()).toEqual([200, 503]);
			expect((await check()).status).toBe(200);
		});
	});

	describe('the commands of an operator', () => {
		const context = () => ({ db: database.db });

		test('check the chain and are recorded', async () => {
			await add(3);
			const head = headText(await auditHead(database.db));
			expect(await AUDIT_COMMANDS.verifyAudit(context(), { expect: head })).toMatchObject({ ok: true, records: 3 });
			expect((await all()).at(-1)).toMatchObject({ action: 'audit.verified', actorKind: 'operator', result: 'ok' });
			await expect(AUDIT_COMMANDS.verifyAudit(context(), { expect: 'x' })).rejects.toThrow('SEQ:HASH');
		});

		test('write the file piece by piece, through plain JSON', async () => {
			await add(700);
			const asked = { format: 'jsonl', from: '2026-11-22', to: null } as const;
			const { taken } = await AUDIT_COMMANDS.startAuditExport(context(), asked);
			let text = '';
			for (let position: { after: number; count: number } | null = { after: 0, count: 0 }; position;) {
				const input = JSON.parse(JSON.stringify({ format: 'jsonl', taken, position })) as never;
				const piece: Awaited<ReturnType<typeof AUDIT_COMMANDS.auditExportPiece>> =
					await AUDIT_COMMANDS.auditExportPiece(context(), input);
				text += piece.text;
				position = piece.next;
			}
			const lines = text.trimEnd().split('\n');
			expect([lines.length, lines.at(-1)]).toEqual([702, '{"end":{"records":700}}']);
			expect((await all()).at(-1)).toMatchObject({ action: 'audit.exported', actorKind: 'operator' });
			const wrong = { ...asked, from: 'never' };
			await expect(AUDIT_COMMANDS.startAuditExport(context(), wrong)).rejects.toThrow('Use days');
		});
	});

	test('[AU5] a detail is written without its secrets', async () => {
		await audit.record(entry(1, { detail: { password: 'hunter2', code: 'no_right', keyId: 7 } }));
		expect((await all())[0]?.detail).toBe(`{"password":"${WITHHELD}","code":"no_right","keyId":7}`);
	});

	test('the chain is read while others add to it, and holds', async () => {
		await add(1500);
		const [report] = await Promise.all([verify(), add(700)]);
		expect(report).toMatchObject({ ok: true });
		expect(await verify()).toMatchObject({ ok: true, records: 2200 });
	});

	if (name === 'postgres') {
		test('[AU2] two processes with 500 records each at once make one chain without a gap', async () => {
			const { rows } = (await database.db.execute(sql`select current_database() as name`)) as {
				rows: { name: string }[];
			};
			const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
			url.pathname = `/${rows[0]?.name}`;
			const other = await openPostgres(url.href);
			const second = openAudit({ db: other.db, now, onError: (error) => errors.push(error) });
			const write = async (log: OpenAudit, who: string): Promise<void> => {
				const waiting: Promise<void>[] = [];
				for (let i = 0; i < 500; i++) {
					waiting.push(log.record(entry(i, { actor: { ...LI, name: who } })));
					// In many transactions that meet, not in one each.
					if (i % 7 === 0) await delay(0);
				}
				await Promise.all(waiting);
			};
			try {
				await Promise.all([write(audit, 'first'), write(second, 'second')]);
				await second.close();
			} finally {
				await other.close();
			}
			const records = await all();
			expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
			for (const who of ['first', 'second']) {
				const own = records.filter(({ actorName }) => actorName === who).map(({ object }) => object);
				expect(own).toEqual(Array.from({ length: 500 }, (_, index) => `grant:${index}`));
			}
			const turns = records.filter(({ actorName }, index) => actorName !== records[index - 1]?.actorName).length;
			expect(turns).toBeGreaterThan(2);
			expect(await verify()).toMatchObject({ ok: true, records: 1000 });
		});
	}

	test('the ends are told without a record', async () => {
		expect(await auditEnds(database.db)).toEqual({ head: { seq: 0, hash: '' }, first: 0, last: 0, strays: 0 });
	});
});
