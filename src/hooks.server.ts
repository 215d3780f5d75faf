import type { Handle } from '@sveltejs/kit';
import type { PageServices } from './app.d.ts';

// The bundle of the pages and the server are two module graphs in one process; this symbol is where they meet.
const SERVICES = Symbol.for('yizhan.services');

export const handle: Handle = ({ event, resolve }) => {
	event.locals.services = (globalThis as { [SERVICES]?: PageServices })[SERVICES] ?? null;
	return resolve(event);
};
