/** What stands in the form of a screen, as texts, and what is sent of it. Pure. */
import { showPairingCode, readPairingCode } from '#domain/pairing-code.ts';
import type { ScreenLayout } from '#domain/role.ts';
import type { ListedScreen } from '#server/screens/admin-doors.ts';

export interface ScreenDraft {
	code: string;
	name: string;
	scope: string;
	layout: ScreenLayout;
	days: string;
	/** one per line */
	addresses: string;
}

export const NEW_DRAFT: Readonly<ScreenDraft> = {
	code: '',
	name: '',
	scope: 'city',
	layout: 'overview',
	days: '365',
	addresses: ''
};

/** Without days: they stay as they are until somebody says otherwise. */
export function draftOf({ name, scope, layout, addresses }: ListedScreen): ScreenDraft {
	return { code: '', name, scope, layout, days: '', addresses: addresses.join('\n') };
}

/** As the doors take it. Days that are no number go as they are: the server says what is wrong with them. */
export function sentOf({ code, name, scope, layout, days, addresses }: ScreenDraft): Record<string, unknown> {
	const lines = addresses.split(/[\n,;，；\s]+/u).filter(Boolean);
	const text = days.trim();
	return {
		...(code !== '' && { code }),
		...{ name, scope, layout, addresses: lines },
		...(text !== '' && { days: /^\d{1,6}$/.test(text) ? Number(text) : text })
	};
}

/** As it stands on the screen, once all of it is there; what cannot become a code stays as it was typed. */
export function tidyCode(typed: string): string {
	const code = readPairingCode(typed);
	return code === null ? typed : showPairingCode(code);
}
