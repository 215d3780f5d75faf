/** The sample people of the demo city, grouped by what they do. Pure. */
import type { Role } from '#domain/role.ts';
import type { SampleList } from '#server/accounts/shapes.ts';

type SamplePerson = SampleList['people'][number];

export interface SampleGroup {
	readonly id: 'overview' | 'areas' | 'duty' | 'care';
	readonly people: readonly SamplePerson[];
}

/** overview: look at the whole city · areas: answer for a part of it · duty: alarms · care: people, rights, records */
const GROUP: Record<Role, SampleGroup['id']> = {
	leader: 'overview',
	department_head: 'overview',
	district_admin: 'areas',
	street_admin: 'areas',
	keeper: 'areas',
	duty_officer: 'duty',
	duty_chief: 'duty',
	legal_officer: 'duty',
	system_admin: 'care',
	security_admin: 'care',
	auditor: 'care'
};

const ORDER: readonly SampleGroup['id'][] = ['overview', 'areas', 'duty', 'care'];

/** By their first role; groups of nobody are left out. */
export function sampleGroups(people: readonly SamplePerson[]): SampleGroup[] {
	const groups = ORDER.map((id) => ({
		id,
		people: people.filter(({ roles: [first] }) => (first === undefined ? 'overview' : GROUP[first]) === id)
	}));
	return groups.filter((group) => group.people.length > 0);
}
