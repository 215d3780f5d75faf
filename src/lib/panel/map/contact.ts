/** How a station is reached: asked for only when somebody wants to know, because every look is recorded [PE22]. */
import { decide, type Grant } from '#domain/permission.ts';
import type { Site } from '#domain/site.ts';
import type { StationContact } from '#server/places/contact.ts';

/** Whether a button for it is offered; the server decides again. */
export function mayReadContact(grants: readonly Grant[], site: Pick<Site, 'code' | 'district' | 'street'>): boolean {
	const places = { districtOfStreet: () => null, site: (code: string) => (code === site.code ? site : null) };
	const scope = { level: 'station', code: site.code } as const;
	return decide(grants, { object: 'contact', right: 'read', scope }, places).isAllowed;
}

export type ContactAnswer =
	| { readonly ok: true; readonly contact: StationContact }
	/** in the server's words, or the browser's */
	| { readonly ok: false; readonly message: string };

const TIMEOUT_MS = 10_000;

export async function askContact(code: string): Promise<ContactAnswer> {
	try {
		const url = `/api/stations/contact?${new URLSearchParams({ code })}`;
		const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
		if (response.ok) return { ok: true, contact: (await response.json()) as StationContact };
		const { message = '' } = (await response.json()) as { message?: string };
		return { ok: false, message };
	} catch (cause) {
		return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
	}
}
