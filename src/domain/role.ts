/**
 * Who may do what: the matrix of roles and objects, as data. A cell lists rights; where it does not, they are not had.
 * Which part of the city a right covers is the grant's scope (scope.ts); `permission.ts` puts the two together.
 * Source: the federation's table of roles and permissions (docs/SPEC.md [PE]), separation of duties after GB/T 22239.
 */

export const ROLES = [
	'leader',
	'department_head',
	'district_admin',
	'street_admin',
	'keeper',
	'duty_officer',
	'duty_chief',
	'legal_officer',
	'security_admin',
	'auditor',
	'system_admin'
] as const;
export type Role = (typeof ROLES)[number];

/** The three that are never one person (三员分离): who makes accounts, who grants rights, who looks over both. */
export const SEPARATE_ROLES = ['system_admin', 'security_admin', 'auditor'] as const satisfies readonly Role[];

/** Roles that sign in with a second factor or not at all. */
export const SECOND_FACTOR_ROLES = [
	'system_admin',
	'security_admin',
	'auditor',
	'district_admin',
	'street_admin'
] as const satisfies readonly Role[];

/** Roles that work on the city's systems, not in a part of the city. */
export const CITY_ROLES = ['leader', 'system_admin', 'security_admin', 'auditor'] as const satisfies readonly Role[];

export const SERVICE_LINES = [
	'stations',
	'childcare',
	'courses',
	'activities',
	'help_desk',
	'law',
	'welfare',
	'skills'
] as const;
export type ServiceLine = (typeof SERVICE_LINES)[number];

export type PersonState = 'invited' | 'active' | 'disabled';
export type GrantState = 'proposed' | 'active' | 'declined' | 'withdrawn';

/** What a wall screen shows: the whole wall, or the map alone. */
export const SCREEN_LAYOUTS = ['overview', 'map'] as const;
export type ScreenLayout = (typeof SCREEN_LAYOUTS)[number];

/**
 * `see`: sums and states, no record. `read`: the records behind them. `write`, `propose`, `approve`: what it says; nobody
 * approves what they proposed.
 */
export const RIGHTS = ['see', 'read', 'write', 'propose', 'approve'] as const;
export type Right = (typeof RIGHTS)[number];

/** Objects of the matrix, each with the service line it belongs to; null = of none. */
export const OBJECT_LINE = {
	figures: null,
	station: 'stations',
	contact: 'stations',
	intake: null,
	alarm: null,
	alarm_rule: null,
	door_row: 'stations',
	remote_control: 'stations',
	duty: null,
	childcare: 'childcare',
	childcare_incident: 'childcare',
	order: 'courses',
	subsidy: 'courses',
	letter: 'law',
	target: null,
	export: null,
	person: null,
	screen: null,
	source: null,
	audit: null
} as const satisfies Record<string, ServiceLine | null>;
export type ObjectName = keyof typeof OBJECT_LINE;
export const OBJECTS = Object.keys(OBJECT_LINE) as ObjectName[];

/** Who stands in a column of the matrix: a role, or a wall screen. */
export type Column = Role | 'screen';
export const COLUMNS: readonly Column[] = ['screen', ...ROLES];

type Cell = readonly Right[];
const SEE: Cell = ['see'];
const READ: Cell = ['see', 'read'];
const WRITE: Cell = ['see', 'read', 'write'];
const FULL: Cell = ['see', 'read', 'write', 'approve'];
const PROPOSE: Cell = ['see', 'read', 'propose'];
const APPROVE: Cell = ['see', 'read', 'approve'];

/** Only what is had is written; the rest of a row is nothing. */
type Row = { readonly [column in Column]?: Cell };

export const MATRIX: Record<ObjectName, Row> = {
	figures: {
		screen: SEE,
		leader: READ,
		department_head: READ,
		district_admin: READ,
		street_admin: READ,
		keeper: READ,
		duty_officer: READ,
		duty_chief: READ,
		auditor: READ
	},
	station: {
		screen: SEE,
		leader: READ,
		department_head: READ,
		district_admin: WRITE,
		street_admin: WRITE,
		keeper: WRITE,
		duty_officer: READ,
		duty_chief: READ,
		auditor: READ
	},
	// Phones and offices of keepers. Leaders stop at the station; the auditor sees who looked, not what.
	contact: {
		department_head: READ,
		district_admin: READ,
		street_admin: READ,
		keeper: READ,
		duty_officer: READ,
		duty_chief: READ
	},
	// What came in and was refused, and the state of the feeds: whoever answers for the data of an area.
	intake: {
		leader: SEE,
		department_head: WRITE,
		district_admin: READ,
		duty_officer: SEE,
		duty_chief: READ,
		auditor: READ,
		system_admin: WRITE
	},
	alarm: {
		screen: SEE,
		leader: READ,
		department_head: READ,
		district_admin: READ,
		street_admin: READ,
		keeper: READ,
		duty_officer: WRITE,
		duty_chief: FULL,
		auditor: READ
	},
	alarm_rule: {
		department_head: PROPOSE,
		duty_chief: PROPOSE,
		security_admin: APPROVE,
		auditor: READ,
		system_admin: WRITE
	},
	door_row: { duty_officer: READ, duty_chief: READ },
	remote_control: { keeper: WRITE, duty_officer: WRITE, duty_chief: WRITE },
	duty: { leader: READ, duty_officer: WRITE, duty_chief: FULL, auditor: READ },
	childcare: {
		screen: SEE,
		leader: READ,
		department_head: WRITE,
		district_admin: WRITE,
		street_admin: WRITE,
		keeper: WRITE,
		duty_officer: READ,
		duty_chief: READ,
		auditor: READ
	},
	childcare_incident: {
		leader: READ,
		department_head: READ,
		district_admin: READ,
		keeper: WRITE,
		duty_officer: READ,
		duty_chief: READ
	},
	order: {
		screen: SEE,
		leader: READ,
		department_head: FULL,
		district_admin: FULL,
		street_admin: WRITE,
		auditor: READ
	},
	subsidy: {
		leader: READ,
		department_head: APPROVE,
		district_admin: PROPOSE,
		street_admin: PROPOSE,
		auditor: READ
	},
	letter: {
		screen: SEE,
		leader: READ,
		department_head: READ,
		district_admin: READ,
		legal_officer: WRITE,
		auditor: READ
	},
	target: {
		screen: SEE,
		leader: APPROVE,
		department_head: WRITE,
		district_admin: WRITE,
		auditor: READ
	},
	// `see`: sums alone may leave the house.
	export: { leader: SEE, department_head: FULL, district_admin: READ, legal_officer: READ },
	person: {
		district_admin: ['propose'],
		security_admin: APPROVE,
		auditor: READ,
		system_admin: ['see', 'read', 'write', 'propose']
	},
	screen: { security_admin: READ, auditor: READ, system_admin: WRITE },
	source: { security_admin: READ, auditor: READ, system_admin: WRITE },
	audit: { security_admin: READ, auditor: ['see', 'read', 'write'] }
};

/** What a column may do with an object. */
export function rightsOf(column: Column, object: ObjectName): readonly Right[] {
	return MATRIX[object][column] ?? [];
}

/** The first two of the roles that one person may not hold together; null = they may. */
export function forbiddenPair(roles: readonly Role[]): readonly [Role, Role] | null {
	const held = SEPARATE_ROLES.filter((role) => roles.includes(role));
	const [first, second] = held;
	return first !== undefined && second !== undefined ? [first, second] : null;
}

/** The words a role is stored and sent by. */
export const isRole = (text: unknown): text is Role => ROLES.some((role) => role === text);
export const isServiceLine = (text: unknown): text is ServiceLine => SERVICE_LINES.some((line) => line === text);
