import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, scopesFor, type Grant } from './permission.ts';
import {
	COLUMNS,
	forbiddenPair,
	MATRIX,
	OBJECT_LINE,
	OBJECTS,
	RIGHTS,
	rightsOf,
	ROLES,
	SEPARATE_ROLES
} from './role.ts';
import { covers, formatScope, parseScope, type Places, type Scope } from './scope.ts';
import { must } from './must.ts';

/** Two districts, a street in each, a station in each street, and one station that is in no street. */
const SITES = [
	{ code: 'S-a1', district: 'A', street: 'a' },
	{ code: 'S-b1', district: 'B', street: 'b' },
	{ code: 'S-b2', district: 'B', street: null }
];
const STREETS: Record<string, string> = { a: 'A', b: 'B' };
const places: Places = {
	site: (code) => SITES.find((site) => site.code === code) ?? null,
	districtOfStreet: (code) => STREETS[code] ?? null
};
const scope = (text: string): Scope => must(parseScope(text), text);
const grant = (column: Grant['column'], where: string, lines: Grant['lines'] = null): Grant => ({
	column,
	scope: scope(where),
	lines
});
const ALL = [
	'city',
	'district:A',
	'district:B',
	'street:a',
	'street:b',
	'station:S-a1',
	'station:S-b1',
	'station:S-b2'
];

describe('which scope lies in which', () => {
	const INSIDE: Record<string, string[]> = {
		city: ALL,
		'district:A': ['district:A', 'street:a', 'station:S-a1'],
		'district:B': ['district:B', 'street:b', 'station:S-b1', 'station:S-b2'],
		'street:a': ['street:a', 'station:S-a1'],
		'street:b': ['street:b', 'station:S-b1'],
		'station:S-b2': ['station:S-b2']
	};
	for (const [outer, inner] of Object.entries(INSIDE)) {
		test(`[PE1] ${outer} holds ${inner.join(', ')}, and nothing else`, () => {
			expect(ALL.filter((one) => covers(scope(outer), scope(one), places))).toEqual(inner);
		});
	}

	test('[PE1] what the registry does not know lies in the city alone', () => {
		const unknown = ['district:X', 'street:x', 'station:x'];
		for (const text of unknown) {
			const holders = ALL.filter((outer) => covers(scope(outer), scope(text), places));
			expect([text, holders]).toEqual([text, ['city']]);
		}
	});
});

describe('the decision', () => {
	test('[PE2] every cell of the matrix holds inside its scope, and nothing does outside of it', () => {
		for (const column of COLUMNS) {
			for (const object of OBJECTS) {
				for (const right of RIGHTS) {
					const ask = { object, right };
					const mine = [grant(column, 'district:A')];
					const isHad = (MATRIX[object][column] ?? []).includes(right);
					const inside = decide(mine, { ...ask, scope: scope('street:a') }, places);
					expect([column, object, right, inside.isAllowed]).toEqual([column, object, right, isHad]);
					const outside = decide(mine, { ...ask, scope: scope('district:B') }, places);
					const code = isHad ? 'out_of_scope' : 'no_right';
					expect([column, object, right, outside]).toEqual([column, object, right, { isAllowed: false, code }]);
				}
			}
		}
	});

	test('[PE3] the sums of one station are its record: who sees sums alone does not see them', () => {
		const screen = [grant('screen', 'city')];
		const ask = { object: 'figures', right: 'see' } as const;
		expect(decide(screen, { ...ask, scope: scope('street:a') }, places).isAllowed).toBe(true);
		expect(decide(screen, { ...ask, scope: scope('station:S-a1') }, places)).toEqual({
			isAllowed: false,
			code: 'no_right'
		});
		const reader = [grant('keeper', 'station:S-a1')];
		expect(decide(reader, { ...ask, scope: scope('station:S-a1') }, places).isAllowed).toBe(true);
	});

	test('[PE4] a grant for a service line gives nothing of another line, and the figures of stations all the same', () => {
		const mine = [grant('department_head', 'city', ['childcare'])];
		expect(decide(mine, { object: 'childcare', right: 'write', scope: scope('city') }, places).isAllowed).toBe(true);
		expect(decide(mine, { object: 'order', right: 'read', scope: scope('city') }, places)).toEqual({
			isAllowed: false,
			code: 'no_right'
		});
		expect(decide(mine, { object: 'figures', right: 'read', scope: scope('city') }, places).isAllowed).toBe(true);
	});

	test('nobody, who holds no grant, may do nothing anywhere', () => {
		for (const object of OBJECTS) {
			for (const right of RIGHTS) expect(decide([], { object, right, scope: null }, places).isAllowed).toBe(false);
		}
	});

	const anyGrant = fc
		.record({ column: fc.constantFrom(...COLUMNS), where: fc.constantFrom(...ALL) })
		.map(({ column, where }) => grant(column, where));
	const anyAsk = fc.record({
		object: fc.constantFrom(...OBJECTS),
		right: fc.constantFrom(...RIGHTS),
		where: fc.constantFrom(...ALL)
	});

	test('another grant never takes anything away', () => {
		fc.assert(
			fc.property(fc.array(anyGrant, { maxLength: 4 }), anyGrant, anyAsk, (held, more, { object, right, where }) => {
				const ask = { object, right, scope: scope(where) };
				if (decide(held, ask, places).isAllowed) expect(decide([...held, more], ask, places).isAllowed).toBe(true);
			})
		);
	});

	test('what is allowed somewhere is allowed in what lies inside of it', () => {
		fc.assert(
			fc.property(fc.array(anyGrant, { maxLength: 4 }), anyAsk, (held, { object, right, where }) => {
				// Sums of a station ask for more: [PE3].
				if (right === 'see' || !decide(held, { object, right, scope: scope(where) }, places).isAllowed) return;
				for (const inner of ALL.filter((one) => covers(scope(where), scope(one), places)))
					expect(decide(held, { object, right, scope: scope(inner) }, places).isAllowed).toBe(true);
			})
		);
	});

	test('the scopes of a right are those in which it is had, none inside another', () => {
		fc.assert(
			fc.property(fc.array(anyGrant, { maxLength: 5 }), anyAsk, (held, { object, right }) => {
				const had = scopesFor(held, { object, right }, places);
				for (const text of ALL) {
					if (right === 'see' && text.startsWith('station:')) continue;
					const isHad = had.some((one) => covers(one, scope(text), places));
					expect(decide(held, { object, right, scope: scope(text) }, places).isAllowed).toBe(isHad);
				}
				for (const one of had) {
					const wider = had.filter((other) => other !== one && covers(other, one, places));
					expect(wider.map(formatScope)).toEqual([]);
				}
			})
		);
	});
});

describe('the matrix', () => {
	test('[PE5] the three administrators are never one person', () => {
		expect(forbiddenPair(['leader', 'auditor'])).toBeNull();
		for (const one of SEPARATE_ROLES) {
			for (const other of SEPARATE_ROLES) {
				if (one === other) continue;
				expect(forbiddenPair(['leader', one, other])).toEqual(SEPARATE_ROLES.filter((r) => r === one || r === other));
			}
		}
	});

	test('[PE5] none of the three sees the city, and the auditor alone takes the audit out', () => {
		const exporters = ROLES.filter((role) => rightsOf(role, 'audit').includes('write'));
		expect(exporters).toEqual(['auditor']);
		for (const role of ['system_admin', 'security_admin'] as const) {
			expect([role, rightsOf(role, 'figures'), rightsOf(role, 'station'), rightsOf(role, 'contact')]).toEqual([
				role,
				[],
				[],
				[]
			]);
		}
	});

	test('[PE6] a wall screen only ever sees sums', () => {
		for (const object of OBJECTS) expect(rightsOf('screen', object).filter((right) => right !== 'see')).toEqual([]);
		for (const object of ['contact', 'person', 'audit', 'export', 'door_row', 'childcare_incident'] as const) {
			expect([object, rightsOf('screen', object)]).toEqual([object, []]);
		}
	});

	test('who may do more than see may see', () => {
		for (const object of OBJECTS) {
			for (const column of COLUMNS) {
				const rights = rightsOf(column, object);
				if (rights.includes('read')) expect([object, column, rights.includes('see')]).toEqual([object, column, true]);
				expect(new Set(rights).size).toBe(rights.length);
			}
		}
	});

	test('nobody both proposes and approves a grant of rights', () => {
		for (const role of ROLES) {
			const rights = rightsOf(role, 'person');
			expect([role, rights.includes('approve') && rights.includes('propose')]).toEqual([role, false]);
		}
	});

	test('every object of a service line names a line of ours', () => {
		expect(Object.keys(MATRIX).sort()).toEqual(Object.keys(OBJECT_LINE).sort());
	});
});
