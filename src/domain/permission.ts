/**
 * The one decision: may these grants do this, here? Pages, HTTP doors, socket topics, aggregates and exports ask it, the
 * server before it answers and the browser before it offers a button. A refusal says which part was missing.
 */
import { OBJECT_LINE, rightsOf, type Column, type ObjectName, type Right, type ServiceLine } from './role.ts';
import { covers, type Places, type Scope } from './scope.ts';

/** What somebody holds. A person's grants have roles; a screen holds one in the column of screens. */
export interface Grant {
	readonly column: Column;
	readonly scope: Scope;
	/** null = all service lines */
	readonly lines: readonly ServiceLine[] | null;
}

export interface Ask {
	readonly object: ObjectName;
	readonly right: Right;
	/** Where; null = anywhere at all (the answer is then cut to `scopesFor`) */
	readonly scope: Scope | null;
	/** The service line, for objects that belong to none themselves */
	readonly line?: ServiceLine;
}

export type Decision =
	{ readonly isAllowed: true } | { readonly isAllowed: false; readonly code: 'no_right' | 'out_of_scope' };

const ALLOWED: Decision = { isAllowed: true };

/** `no_right`: no grant has this right on this object. `out_of_scope`: one has, elsewhere. */
export function decide(grants: readonly Grant[], ask: Ask, places: Places): Decision {
	// The sums of one station are its record.
	const right = ask.right === 'see' && ask.scope?.level === 'station' ? 'read' : ask.right;
	const able = grants.filter((grant) => isAble(grant, { ...ask, right }));
	if (able.length === 0) return { isAllowed: false, code: 'no_right' };
	const { scope } = ask;
	if (scope === null || able.some((grant) => covers(grant.scope, scope, places))) return ALLOWED;
	return { isAllowed: false, code: 'out_of_scope' };
}

/** The scopes in which a right is had, the widest first, none inside another. */
export function scopesFor(grants: readonly Grant[], ask: Omit<Ask, 'scope'>, places: Places): Scope[] {
	const wide = grants.filter((grant) => isAble(grant, ask)).map(({ scope }) => scope);
	wide.sort((a, b) => WIDTH[a.level] - WIDTH[b.level]);
	const kept: Scope[] = [];
	for (const scope of wide) if (!kept.some((wider) => covers(wider, scope, places))) kept.push(scope);
	return kept;
}

const WIDTH: Record<Scope['level'], number> = { city: 0, district: 1, street: 2, station: 3 };

function isAble({ column, lines }: Grant, { object, right, line }: Omit<Ask, 'scope'>): boolean {
	if (!rightsOf(column, object).includes(right)) return false;
	const needed = OBJECT_LINE[object] ?? line ?? null;
	// Figures of stations are everybody's ground: the line narrows what belongs to a line of its own.
	return needed === null || lines === null || lines.includes(needed);
}
