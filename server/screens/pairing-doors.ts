/** The doors that a screen's own browser asks: its code, whether it is paired, what it is. Open to everyone: they show nothing. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { scopesFor } from '#domain/permission.ts';
import type { ScreenLayout } from '#domain/role.ts';
import { formatScope } from '#domain/scope.ts';
import type { Access } from '#server/access/access.ts';
import type { Caller, LostReason } from '#server/access/caller.ts';
import { clearCookie, readCookie, SCREEN_COOKIE, setCookie } from '#server/access/cookies.ts';
import { everyone } from '#server/access/rule.ts';
import { sendJson, sendProblem, type Door } from '#server/http/route.ts';
import type { Database } from '#server/store/query.ts';
import { endPairingOf } from '#server/store/screen-pairing-store.ts';
import { touchScreen } from '#server/store/screen-store.ts';
import { PairingDesk } from './pairing-desk.ts';
import { DAY_MS } from './screen-form.ts';

/** Who sits before a wall, for the wall's own page (`GET /api/screens/self`). */
export type WallSeat =
	| {
			readonly kind: 'screen';
			readonly name: string;
			/** in the words of scopes */
			readonly scope: string;
			readonly layout: ScreenLayout;
	  }
	/** `scope`: their widest one; null = no figures are for them */
	| { readonly kind: 'person'; readonly scope: string | null }
	/** `lost`: why what the browser shows opens nothing any more; null = it shows nothing */
	| { readonly kind: 'nobody'; readonly lost: LostReason | null };

export interface PairingDoorOptions {
	readonly db: Database;
	readonly access: Pick<Access, 'clientOf' | 'places'>;
	/** ms */
	readonly now: () => number;
}

/** What the browser of an unpaired screen holds. */
export const PAIRING_COOKIE = 'yizhan-pairing';
/** A screen that was switched off over a weekend goes on with the same secret. */
const SECRET_LIFE_SECONDS = 7 * 86_400;
/** Browsers keep no cookie for longer; the screen asks often enough to have it renewed. */
const LONGEST_COOKIE_SECONDS = 400 * (DAY_MS / 1000);

const OPEN = everyone(
	'a screen that is not paired yet has nothing to show; the answer holds its own code and nothing else'
);
const SELF = everyone('says what the caller is, which everybody may know of themselves');

export function pairingDoors(options: PairingDoorOptions): [string, Door][] {
	const { db, access, now } = options;
	const desk = new PairingDesk(db, now);
	const isSecure = (request: IncomingMessage): boolean => access.clientOf(request).isHttps;

	/** Where it stands, with the token for one that is paired. */
	async function answerState(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
		const secure = isSecure(request);
		const { view, token, expiresAt } = await desk.collect(readCookie(request, PAIRING_COOKIE, secure));
		if (token !== null) {
			setScreenCookie(response, { token, expiresAt, isSecure: secure, now: now() });
			clearCookie(response, PAIRING_COOKIE, secure);
		} else if (view.state === 'none') return false;
		sendJson(response, 200, view);
		return true;
	}

	return [
		[
			'GET /api/screens/pairing',
			{
				rule: OPEN,
				answer: async (request, response) => {
					if (!(await answerState(request, response))) sendJson(response, 200, { state: 'none' });
				}
			}
		],
		[
			'POST /api/screens/pairing',
			{
				rule: OPEN,
				answer: async (request, response, _, caller) => {
					request.resume();
					// Two pages of one browser show the same code, and a page that was reloaded goes on with the one it had.
					if (await answerState(request, response)) return;
					const secure = isSecure(request);
					const begun = await desk.begin(readCookie(request, PAIRING_COOKIE, secure), caller.address);
					if (begun === null) {
						const message = 'Many screens wait to be paired already. Pair those, or wait ten minutes.';
						return sendProblem(response, 429, 'too_many_waiting', message);
					}
					const cookie = { name: PAIRING_COOKIE, value: begun.secret, maxAgeSeconds: SECRET_LIFE_SECONDS };
					setCookie(response, { ...cookie, isSecure: secure });
					sendJson(response, 200, begun.view);
				}
			}
		],
		[
			'GET /api/screens/self',
			{
				rule: SELF,
				answer: async (request, response, _, caller) => {
					const secure = isSecure(request);
					const token = readCookie(request, SCREEN_COOKIE, secure);
					if (caller.kind === 'screen') {
						await touchScreen(db, Number(caller.id), caller.address, now());
						await endPairingOf(db, Number(caller.id));
					}
					if (caller.kind === 'screen' && token !== null) {
						setScreenCookie(response, { token, expiresAt: caller.endsAt, isSecure: secure, now: now() });
					}
					sendJson(response, 200, seatOf(caller, access));
				}
			}
		]
	];
}

export function seatOf(caller: Caller, { places }: Pick<Access, 'places'>): WallSeat {
	switch (caller.kind) {
		case 'screen':
			return { kind: 'screen', name: caller.name, scope: formatScope(caller.scope), layout: caller.layout };
		case 'person': {
			const scopes = scopesFor(caller.grants, { object: 'figures', right: 'see' }, places);
			// One station has a page of its own, and no wall.
			const widest = scopes.find(({ level }) => level !== 'station');
			return { kind: 'person', scope: widest ? formatScope(widest) : null };
		}
		case 'nobody':
			return { kind: 'nobody', lost: caller.lost };
	}
}

function setScreenCookie(
	response: ServerResponse,
	{ token, expiresAt, isSecure, now }: { token: string; expiresAt: number; isSecure: boolean; now: number }
): void {
	const maxAgeSeconds = Math.max(0, Math.min(LONGEST_COOKIE_SECONDS, (expiresAt - now) / 1000));
	setCookie(response, { name: SCREEN_COOKIE, value: token, isSecure, maxAgeSeconds });
}
