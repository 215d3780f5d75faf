import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({ isDemo: locals.services?.isDemo ?? false });
