/** What was done, in words. An action that is not known here stands as it was recorded: nothing is hidden by a missing word. */
import { m } from '#lib/paraglide/messages.js';

const WORD: Readonly<Record<string, () => string>> = {
	'session.started': m.audit_did_session_started,
	'session.ended': m.audit_did_session_ended,
	'session.refused': m.audit_did_session_refused,
	'second_factor.shown': m.audit_did_second_factor_shown,
	'second_factor.started': m.audit_did_second_factor_started,
	'second_factor.enrolled': m.audit_did_second_factor_enrolled,
	'second_factor.removed': m.audit_did_second_factor_removed,
	'second_factor.reset': m.audit_did_second_factor_reset,
	'second_factor.refused': m.audit_did_second_factor_refused,
	'password.changed': m.audit_did_password_changed,
	'password.refused': m.audit_did_password_refused,
	'link.made': m.audit_did_link_made,
	'link.used': m.audit_did_link_used,
	'person.created': m.audit_did_person_created,
	'person.changed': m.audit_did_person_changed,
	'person.locked': m.audit_did_person_locked,
	'person.disabled': m.audit_did_person_disabled,
	'person.enabled': m.audit_did_person_enabled,
	'people.viewed': m.audit_did_people_viewed,
	'grant.proposed': m.audit_did_grant_proposed,
	'grant.approved': m.audit_did_grant_approved,
	'grant.declined': m.audit_did_grant_declined,
	'grant.withdrawn': m.audit_did_grant_withdrawn,
	'screen.paired': m.audit_did_screen_paired,
	'screen.changed': m.audit_did_screen_changed,
	'screen.revoked': m.audit_did_screen_revoked,
	'screen.refused': m.audit_did_screen_refused,
	'source.created': m.audit_did_source_created,
	'source.changed': m.audit_did_source_changed,
	'source.key_created': m.audit_did_source_key_created,
	'source.key_rotated': m.audit_did_source_key_rotated,
	'source.key_revoked': m.audit_did_source_key_revoked,
	'contact.viewed': m.audit_did_contact_viewed,
	'refused.viewed': m.audit_did_refused_viewed,
	'export.made': m.audit_did_export_made,
	'import.applied': m.audit_did_import_applied,
	'import.undone': m.audit_did_import_undone,
	'import.refused': m.audit_did_import_refused,
	'event.resent': m.audit_did_event_resent,
	'event.refused': m.audit_did_event_refused,
	'door.refused': m.audit_did_door_refused,
	'page.refused': m.audit_did_page_refused,
	'join.refused': m.audit_did_join_refused,
	'connection.refused': m.audit_did_connection_refused,
	'refusals.collected': m.audit_did_refusals_collected,
	'audit.searched': m.audit_did_audit_searched,
	'audit.exported': m.audit_did_audit_exported,
	'audit.verified': m.audit_did_audit_verified
};

/** What comes before the dot of several actions: filters that find all of them. */
const GROUP: Readonly<Record<string, () => string>> = {
	session: m.audit_did_session,
	second_factor: m.audit_did_second_factor,
	password: m.audit_did_password,
	link: m.audit_did_link,
	person: m.audit_did_person,
	grant: m.audit_did_grant,
	screen: m.audit_did_screen,
	source: m.audit_did_source,
	import: m.audit_did_import,
	event: m.audit_did_event,
	door: m.audit_did_door,
	page: m.audit_did_page,
	join: m.audit_did_join,
	connection: m.audit_did_connection,
	audit: m.audit_did_audit
};

export function actionText(action: string): string {
	const word = Object.hasOwn(WORD, action) ? WORD[action] : Object.hasOwn(GROUP, action) ? GROUP[action] : undefined;
	return word?.() ?? action;
}

export const isKnownAction = (action: string): boolean => Object.hasOwn(WORD, action);

/** Groups with their actions, for a choice. Actions of no group come last. */
export function actionChoices(): { readonly value: string; readonly label: string }[] {
	const groups = Object.keys(GROUP);
	const groupOf = (action: string): string => action.slice(0, action.indexOf('.'));
	const own = (group: string) => Object.keys(WORD).filter((action) => groupOf(action) === group);
	const lone = Object.keys(WORD).filter((action) => !groups.includes(groupOf(action)));
	// The browser's own list has one level of its own; a wider space shows the second.
	const line = (action: string) => ({ value: action, label: `\u2003${actionText(action)}` });
	return [
		...groups.flatMap((group) => [{ value: group, label: actionText(group) }, ...own(group).map(line)]),
		...lone.map((action) => ({ value: action, label: actionText(action) }))
	];
}
