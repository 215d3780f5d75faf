import { qualityFor } from './quality-for.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({ asOf: Date.now(), quality: await qualityFor(locals) });
