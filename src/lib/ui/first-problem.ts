/** After a refusal the keyboard stands in the first field that is wrong. */
import { tick } from 'svelte';

/** Waits for the problems to be shown. Nothing is wrong beside a field: the focus stays. */
export async function focusFirstProblem(form: HTMLElement | null): Promise<void> {
	await tick();
	form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
