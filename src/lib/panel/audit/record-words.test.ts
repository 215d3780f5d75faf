import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '#server/audit/chain.ts';
import { actionChoices, actionText, isKnownAction } from './action-words.ts';
import { actorNote, actorText, detailLines, timesOf, whenOf } from './record-words.ts';

const record = (more: Partial<AuditRecord> = {}): AuditRecord => ({
	...{ seq: 1, at: '2026-11-22T16:30:05.123000Z', actorKind: 'person', actorId: 'p-1', actorName: 'li.na' },
	...{ address: '10.0.0.7', action: 'session.started', object: null, scope: null, result: 'ok', detail: '{}' },
	...{ previousHash: '', hash: '' },
	...more
});

describe('a record in words', () => {
	test('says the moment in Asia/Shanghai', () =>
		expect(whenOf(record())).toEqual({ day: '2026-11-23', time: '00:30:05' }));

	test('calls who did it by name, and says what it is where the name does not', () => {
		expect([actorText(record()), actorNote(record())]).toEqual(['li.na', '']);
		const screen = record({ actorKind: 'screen', actorId: '3', actorName: '大厅' });
		expect([actorText(screen), actorNote(screen)]).toEqual(['大厅', '大屏']);
		const nobody = record({ actorKind: 'nobody', actorId: null, actorName: null });
		expect([actorText(nobody), actorNote(nobody)]).toEqual(['未登录', '']);
		const operator = record({ actorKind: 'operator', actorId: null, actorName: 'operator' });
		expect([actorText(operator), actorNote(operator)]).toEqual(['命令行', '']);
	});

	test('shows an action without words as it was recorded', () => {
		expect(actionText('session.started')).toBe('登录');
		expect(actionText('reactor.started')).toBe('reactor.started');
		expect(actionText('constructor')).toBe('constructor');
	});

	test('shows a forged detail as it stands', () => {
		expect(detailLines('not json')).toEqual([['', 'not json']]);
		expect(detailLines('null')).toEqual([['', 'null']]);
		expect(detailLines('{"times":3,"why":"x","list":[1]}')).toEqual([
			['times', '3'],
			['why', 'x'],
			['list', '[\n 1\n]']
		]);
		expect([
			timesOf({ detail: '{"times":3}' }),
			timesOf({ detail: '{"times":"3"}' }),
			timesOf({ detail: '[' })
		]).toEqual([...[3, null, null]]);
	});
});

describe('the words for actions', () => {
	/** `action: 'x.y'` and the first word behind `record(caller, 'x.y'`, wherever the server writes one. */
	const written = new Set<string>();
	for (const name of readdirSync('server', { recursive: true, encoding: 'utf8' })) {
		if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
		const text = readFileSync(join('server', name), 'utf8');
		for (const [, action] of text.matchAll(/(?:action: |record\(caller, )'([a-z_]+\.[a-z_]+)'/g))
			written.add(action ?? '');
	}

	test('are there for every action that the server writes', () => {
		expect(written.size).toBeGreaterThan(5);
		expect([...written].filter((action) => !isKnownAction(action))).toEqual([]);
	});

	test('stand in the choice once each, under their group', () => {
		const values = actionChoices().map(({ value }) => value);
		expect(new Set(values).size).toBe(values.length);
		expect(values.indexOf('session')).toBe(values.indexOf('session.started') - 1);
		expect(values.filter((value) => value.includes('.')).every(isKnownAction)).toBe(true);
	});
});
