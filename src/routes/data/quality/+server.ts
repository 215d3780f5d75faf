import { json } from '@sveltejs/kit';
import { qualityFor } from '../quality-for.ts';
import type { RequestHandler } from './$types';

/** What the data page reads again and again. A plain request: a navigation that fails would take the page away. */
export const GET: RequestHandler = async ({ locals }) => json({ asOf: Date.now(), quality: await qualityFor(locals) });
