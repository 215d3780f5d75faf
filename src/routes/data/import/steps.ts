/** The steps of an import, in their order, and how they stand in the address of the page. */
export const STEPS = ['file', 'columns', 'datum', 'preview', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** `session` and `step` of the address; a step that is none is the first. */
export function readAddress(query: URLSearchParams): { readonly session: string | null; readonly step: Step } {
	const step = STEPS.find((one) => one === query.get('step')) ?? 'file';
	return { session: query.get('session') || null, step };
}

/** Empty for the first step. */
export function writeAddress(session: string | null, step: Step): string {
	return session === null || step === 'file' ? '' : `?${new URLSearchParams({ session, step })}`;
}

/** A step that can be shown now: what lies beyond `reach` is not there yet. */
export function shownStep(wanted: Step, reach: Step): Step {
	return STEPS[Math.min(STEPS.indexOf(wanted), STEPS.indexOf(reach))] ?? 'file';
}
