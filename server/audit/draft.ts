/** An entry as it will stand in the chain: bounded, and without what must not be kept. */
import type { AuditEntry } from '#server/access/audit.ts';
import { momentText, type AuditDraft } from './chain.ts';
import { detailText, fieldText } from './detail.ts';

const MAX_NAME = 200;
const MAX_OBJECT = 300;

/** Throws when the detail is no JSON. */
export function draftOf(entry: AuditEntry, nowMs: number): AuditDraft {
	const { actor, action, object = null, scope = null, result, detail } = entry;
	return {
		at: momentText(nowMs),
		actorKind: actor.kind,
		actorId: bounded(actor.id, MAX_NAME),
		actorName: bounded(actor.name, MAX_NAME),
		address: bounded(actor.address, MAX_NAME),
		action: fieldText(action, MAX_NAME),
		object: bounded(object, MAX_OBJECT),
		scope: bounded(scope, MAX_NAME),
		result,
		detail: detailText(detail)
	};
}

const bounded = (text: string | null, max: number): string | null => (text === null ? null : fieldText(text, max));
