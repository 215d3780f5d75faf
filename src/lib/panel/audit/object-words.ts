/** What something was done to, in words. What is not known here stands as it was recorded: nothing is hidden by a missing word. */
import { m } from '#lib/paraglide/messages.js';
import type { AuditRecord } from '#server/audit/chain.ts';
import { detailText } from './record-words.ts';

type Spoken = Pick<AuditRecord, 'object' | 'detail'>;

/** Before the colon of an object → what stands behind it, in words. */
const KIND: Readonly<Record<string, (id: string, record: Spoken) => string>> = {
	person: (name) => m.audit_object_person({ name }),
	screen: screenText,
	source: (name) => m.audit_object_source({ name }),
	import: (id) => m.audit_object_import({ id }),
	refused: (id) => m.audit_object_refused({ id }),
	session: (id) => m.audit_object_session({ id: short(id) }),
	file: (id, { detail }) => m.audit_object_file({ name: detailText(detail, 'file') ?? short(id) }),
	station: (code) => m.audit_object_station({ code })
};

/** Doors whose deeds have a word of their own say nothing more by their path; refusals name any door. */
const DOOR: Readonly<Record<string, () => string>> = {
	'/api/audit': m.audit_door_audit,
	'/api/audit/export': m.audit_door_audit_export,
	'/api/audit/verify': m.audit_door_audit_verify,
	'/api/people': m.audit_door_people,
	'/api/screens': m.audit_door_screens,
	'/api/sources': m.audit_door_sources,
	'/api/refused': m.audit_door_refused,
	'/api/refused/resend': m.audit_door_resend,
	'/api/registry': m.audit_door_registry,
	'/api/registry/export': m.audit_door_registry_export,
	'/api/stations/contact': m.audit_door_contact,
	'/api/events': m.audit_door_events,
	'/api/imports': m.audit_door_imports,
	'/api/history': m.audit_door_history
};

/** Empty = nothing. */
export function objectText(record: Spoken): string {
	const { object } = record;
	if (object === null) return '';
	if (object === 'audit') return m.audit_door_audit();
	if (object === 'socket') return m.audit_object_socket();
	const [, kind = '', id = ''] = /^([a-z]+):(.+)$/su.exec(object) ?? [];
	if (Object.hasOwn(KIND, kind)) return KIND[kind]?.(id, record) ?? object;
	const [, method = '', path = ''] = /^([A-Z]+) (\/\S*)$/u.exec(object) ?? [];
	const door = Object.hasOwn(DOOR, path) ? DOOR[path] : undefined;
	return door ? `${door()}${method === 'GET' ? '' : ` (${method})`}` : object;
}

function screenText(id: string, { detail }: Spoken): string {
	if (id === 'code') return m.audit_object_screen_code();
	const name = detailText(detail, 'name');
	return name === null ? m.audit_object_screen({ id }) : m.audit_object_screen_named({ id, name });
}

/** The beginning of an identifier tells two apart; the whole is in the record. */
const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 8)}…` : id);
