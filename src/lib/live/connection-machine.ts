/**
 * What a page may say of its link to the server. "Live" means that frames arrive, not that a socket is open.
 * The table is total: every state answers every event, and the compiler proves it.
 */
export const LINK_STATES = ['connecting', 'live', 'interrupted', 'refused'] as const;
/** connecting: first attempt · live: frames arrive · interrupted: they did, or never could · refused: versions differ */
export type LinkState = (typeof LINK_STATES)[number];

export const LINK_EVENTS = ['greeted', 'heard', 'lost', 'fellSilent', 'turnedAway'] as const;
/**
 * greeted: the server said hello · heard: a frame came · lost: the socket closed or could not open ·
 * fellSilent: open, but no frame for too long · turnedAway: the server speaks another protocol
 */
export type LinkEvent = (typeof LINK_EVENTS)[number];

const TRANSITIONS: Record<LinkState, Record<LinkEvent, LinkState>> = {
	connecting: {
		greeted: 'connecting',
		heard: 'live',
		lost: 'interrupted',
		fellSilent: 'interrupted',
		turnedAway: 'refused'
	},
	live: {
		greeted: 'live',
		heard: 'live',
		lost: 'interrupted',
		fellSilent: 'interrupted',
		turnedAway: 'refused'
	},
	interrupted: {
		greeted: 'interrupted',
		heard: 'live',
		lost: 'interrupted',
		fellSilent: 'interrupted',
		turnedAway: 'refused'
	},
	// Only a hello in our own protocol ends a refusal: a frame read by the wrong rules would be believed.
	refused: {
		greeted: 'connecting',
		heard: 'refused',
		lost: 'refused',
		fellSilent: 'refused',
		turnedAway: 'refused'
	}
};

export function nextLinkState(state: LinkState, event: LinkEvent): LinkState {
	return TRANSITIONS[state][event];
}

/**
 * Whether a page should load itself anew: the server now runs another build than the one this page first met, and this
 * page has not already been loaded for that build (a cache that keeps serving the old page must not make it loop).
 */
export function isReloadDue(firstBuild: string | null, build: string, reloadedFor: string | null): boolean {
	return firstBuild !== null && build !== firstBuild && build !== reloadedFor;
}
