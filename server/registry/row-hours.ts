/** When a row says its site is open. */
import { ALWAYS_OPEN, parseHours } from '#domain/hours.ts';
import { yesNoOf } from './cell.ts';
import type { RowDesk } from './row-desk.ts';
import type { SiteDraft } from './site-fields.ts';

/** The text is kept even where it cannot be read; then the hours are unknown, never guessed. */
export function readHours(desk: RowDesk): Partial<SiteDraft['values']> {
	const hoursText = desk.freeText('hoursText');
	const saysAlways = yesNoOf(desk.word('isOpen24h') ?? '');
	if (hoursText === null) return saysAlways === true ? { isOpen24h: true, hours: ALWAYS_OPEN } : {};
	const { hours, is24h, problem } = parseHours(hoursText);
	if (hours === null)
		desk.warn(
			'hoursText',
			'hours_unknown',
			`The hours "${hoursText}" stay unknown: ${problem ?? 'they were not understood'}.`
		);
	else if (problem !== undefined) desk.warn('hoursText', 'hours_in_part', `Of the hours "${hoursText}": ${problem}.`);
	if (hours !== null && saysAlways !== null && saysAlways !== is24h)
		desk.warn(
			'isOpen24h',
			'hours_contradict',
			`"24 h" and the hours "${hoursText}" contradict each other; the hours hold.`
		);
	return { hoursText, hours, isOpen24h: is24h };
}
