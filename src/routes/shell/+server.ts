import { json } from '@sveltejs/kit';
import { sourcesFor } from '../../sources-for.ts';
import type { RequestHandler } from './$types';

/** What the frame of every page asks again and again: how old each source is, and whether there is anything to show. */
export const GET: RequestHandler = ({ locals }) =>
	json({ sources: sourcesFor(locals), isEmpty: locals.services?.isEmpty() ?? false });
