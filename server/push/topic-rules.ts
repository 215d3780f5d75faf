/** Who may follow which topic. A new kind of topic is a new level of scope, and does not compile without a rule here. */
import { verdictOf, type Verdict } from '#server/access/rule.ts';
import type { Caller } from '#server/access/caller.ts';
import type { ObjectName, Right } from '#domain/role.ts';
import type { Places, Scope } from '#domain/scope.ts';

export const TOPIC_RULES: Readonly<Record<Scope['level'], { readonly object: ObjectName; readonly right: Right }>> = {
	city: { object: 'figures', right: 'see' },
	district: { object: 'figures', right: 'see' },
	street: { object: 'figures', right: 'see' },
	// Its devices and supplies are records.
	station: { object: 'station', right: 'read' }
};

export function judgeTopic(caller: Caller, scope: Scope, places: Places): Verdict {
	return verdictOf(caller, { ...TOPIC_RULES[scope.level], scope }, places);
}
