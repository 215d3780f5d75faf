import { describe, expect, it } from 'vitest';
import type { Area } from '#domain/site.ts';
import { planImport, type ImportPlan } from '#server/registry/plan.ts';
import type { RegisteredSite, SiteDraft } from '#server/registry/site-fields.ts';

const AREAS: Area[] = [
	{ code: 'D1', name: '惠山区', level: 'district', parentCode: null },
	{ code: 'D2', name: '锡山区', level: 'district', parentCode: null },
	{ code: 'S1', name: '钱桥街道', level: 'street', parentCode: 'D1' }
];

interface Saying extends Partial<SiteDraft['values']> {
	code?: string;
	district?: string;
	street?: string;
}

let line = 1;
function draft(name: string, { code, district, street, ...values }: Saying = {}): SiteDraft {
	const mention = (text?: string) => (text === undefined ? null : { code: null, name: text });
	return {
		line: ++line,
		code: code ?? null,
		district: mention(district),
		street: mention(street),
		values: { name, ...values }
	};
}

/** The registry after a plan, as the database would hold it. */
function carriedOut(plan: ImportPlan, before: RegisteredSite[] = []): RegisteredSite[] {
	const next = Math.max(0, ...before.map((site) => site.slot)) + 1;
	const changed = new Map(plan.changed.map(({ site }) => [site.slot, site]));
	return [
		...before.map((site) => changed.get(site.slot) ?? site),
		...plan.added.map(({ site }, index) => ({ ...site, slot: next + index }))
	];
}

const areasAfter = (plan: ImportPlan) => [...AREAS, ...plan.newAreas];
const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code);

describe('planning an import', () => {
	const drafts = [
		draft('钱桥驿站', { code: 'A1', district: '惠山', street: '钱桥', address: '一号' }),
		draft('张泾驿站', { externalCode: 'P-7', district: '锡山区' }),
		draft('云亭驿站', { district: '江阴市', facilities: ['空调'] }),
		draft('云亭驿站', { district: '江阴市', address: '二号' })
	];

	it('adds what is new, with areas and defaults', () => {
		const plan = planImport(drafts, [], AREAS);
		expect(plan.errors).toEqual([]);
		expect(plan.newAreas.map(({ name }) => name)).toEqual(['江阴市']);
		expect(codes(plan.warnings)).toEqual(['district_new', 'same_name']);
		expect(plan.added.map(({ site }) => site.code)).toEqual([
			'A1',
			...Array(3).fill(expect.stringMatching(/^X-[0-9A-F]{10}$/))
		]);
		expect(plan.added[0]?.site).toMatchObject({
			districtCode: 'D1',
			streetCode: 'S1',
			kind: 'service_station',
			telemetry: 'none'
		});
	});

	it('changes nothing when the same file comes again', () => {
		const first = planImport(drafts, [], AREAS);
		const again = planImport(drafts, carriedOut(first), areasAfter(first));
		expect(again).toMatchObject({ added: [], changed: [], newAreas: [], errors: [] });
		expect(again.unchanged).toHaveLength(4);
	});

	it('names each changed field with before and after, keeps the slot, and leaves unsaid fields alone', () => {
		const before = carriedOut(
			planImport([draft('a', { code: 'A1', district: '惠山', capacity: 8, phone: '12351' })], [], AREAS)
		);
		const plan = planImport([draft('a', { code: 'A1', capacity: 12, district: '锡山' })], before, AREAS);
		expect(plan.changed).toHaveLength(1);
		expect(plan.changed[0]?.changes).toEqual([
			{ field: 'districtCode', before: 'D1', after: 'D2' },
			{ field: 'capacity', before: 8, after: 12 }
		]);
		expect(plan.changed[0]?.site).toMatchObject({ slot: 1, code: 'A1', phone: '12351' });
	});

	it('leaves the old street behind when a site moves to another district', () => {
		const before = carriedOut(planImport([draft('a', { code: 'A1', district: '惠山', street: '钱桥' })], [], AREAS));
		const plan = planImport([draft('a', { code: 'A1', district: '锡山' })], before, AREAS);
		expect(plan.changed[0]?.site).toMatchObject({ districtCode: 'D2', streetCode: null });
	});

	it('knows a site by code, external code, and name with district', () => {
		const rows = [draft('a', { code: 'A1' }), draft('b', { externalCode: 'P2' }), draft('c', { district: '惠山' })];
		const before = carriedOut(planImport(rows, [], AREAS));
		const renamed = [
			draft('a2', { code: 'A1' }),
			draft('b2', { externalCode: 'P2' }),
			draft('c', { district: '惠山区', address: '新地址' })
		];
		const plan = planImport(renamed, before, AREAS);
		expect(plan.added).toEqual([]);
		expect(plan.changed.map(({ site, changes }) => [site.slot, changes[0]?.field])).toEqual([
			[1, 'name'],
			[2, 'name'],
			[3, 'address']
		]);
	});

	it('lets a derived code give way to a real one', () => {
		const before = carriedOut(planImport([draft('a', { district: '惠山', address: '一号' })], [], AREAS));
		const coded = [draft('a', { code: 'WX-1', district: '惠山', address: '一号' })];
		const plan = planImport(coded, before, AREAS);
		expect(plan.changed[0]).toMatchObject({
			site: { slot: 1, code: 'WX-1' },
			changes: [{ field: 'code', after: 'WX-1' }]
		});
		expect(planImport(coded, carriedOut(plan, before), AREAS).unchanged).toHaveLength(1);
	});

	it('does not let a vague row take the site of an exact one', () => {
		const before = carriedOut(planImport([draft('a', { district: '惠山', address: '一号' })], [], AREAS));
		const vague = draft('a', { district: '惠山', address: '二号' });
		const exact = draft('a', { district: '惠山', address: '一号' });
		const plan = planImport([vague, exact], before, AREAS);
		expect(plan).toMatchObject({ added: [{ line: vague.line }], unchanged: [{ line: exact.line }], errors: [] });
	});

	it('keeps kinds of one name in one house apart', () => {
		const house = ['service_station', 'nursing_room', 'carnation_station'] as const;
		const rows = house.map((kind) => draft('人民医院', { district: '惠山', address: '一号', kind }));
		const first = planImport(rows, [], AREAS);
		expect(first).toMatchObject({ errors: [], warnings: [] });
		expect(planImport(rows, carriedOut(first), AREAS).unchanged).toHaveLength(3);
	});

	it.each([
		['code', draft('a', { code: 'A1' }), draft('b', { code: 'A1' })],
		['external code', draft('a', { externalCode: 'P1' }), draft('b', { externalCode: 'P1' })],
		['name and address', draft('a', { address: '一号' }), draft('a', { address: '一 号' })]
	])('refuses the later of two rows with one %s', (_, first, second) => {
		const plan = planImport([first, second], [], AREAS);
		expect(plan.added).toHaveLength(1);
		expect(plan.errors).toMatchObject([{ line: second.line, code: 'duplicate' }]);
		expect(plan.errors[0]?.message).toContain(`line ${first.line}`);
	});

	it('refuses two rows that reach one site by different keys', () => {
		const before = carriedOut(planImport([draft('a', { code: 'A1', externalCode: 'P1' })], [], AREAS));
		const plan = planImport([draft('a', { code: 'A1' }), draft('a', { externalCode: 'P1' })], before, AREAS);
		expect(codes(plan.errors)).toEqual(['duplicate']);
	});

	it('refuses a row whose external code belongs to another code', () => {
		const before = carriedOut(planImport([draft('a', { code: 'A1', externalCode: 'P1' })], [], AREAS));
		expect(codes(planImport([draft('a', { code: 'A2', externalCode: 'P1' })], before, AREAS).errors)).toEqual([
			'code_conflict'
		]);
	});

	it('refuses a row that could be either of two sites', () => {
		const rows = [draft('a', { district: '惠山', address: '一号' }), draft('a', { district: '惠山', address: '二号' })];
		const before = carriedOut(planImport(rows, [], AREAS));
		expect(codes(planImport([draft('a', { district: '惠山', address: '三号' })], before, AREAS).errors)).toEqual([
			'ambiguous_name'
		]);
	});

	it('plans ten thousand rows on a registry of ten thousand, and again, without losing one', () => {
		const rows = Array.from({ length: 10_000 }, (_, index) => {
			const east = (index * 7919) % 10_007;
			const at = { lng: 120 + east / 20_000, lat: 31.3 + ((index * 104_729) % 10_009) / 20_000 };
			return draft(`驿站${index}`, { code: `C${index}`, district: `${Math.floor(east / 1000)}区`, ...at });
		});
		const first = planImport(rows, [], AREAS);
		const again = planImport(rows, carriedOut(first), areasAfter(first));
		expect([first.added.length, again.unchanged.length, again.errors.length]).toEqual([10_000, 10_000, 0]);
	});
});
