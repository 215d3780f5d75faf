/**
 * One upload on its way into the registry: what the server knows of it, what a person chose, and what is being waited for.
 * The server holds file, plan and result under the session's id; choices live here and in this tab's memory.
 */
import type { Datum } from '#domain/site.ts';
import { checkMapping } from '#lib/panel/imports/mapping-check.ts';
import type { ImportField } from '#lib/panel/imports/import-shapes.ts';
import type { Answer, DoorProblem } from '#lib/panel/imports/problem-text.ts';
import type { Preview, SessionView } from '#server/imports/desk.ts';
import type { Placement } from '#server/imports/mismatches.ts';
import type { Column } from '#server/registry/columns.ts';
import type { ImportResult } from '#server/store/import-store.ts';
import { ask, upload, withQuery } from '../door.ts';
import { forget, recall, remember } from './import-memory.ts';
import { STEPS, type Step } from './steps.ts';

/** What the server is doing; null = it waits for the person. */
export type Busy = 'uploading' | 'reading' | 'placing' | 'planning' | 'applying' | null;

export type Session = SessionView & { readonly fields: readonly ImportField[] };

export interface Progress {
	/** 0 … 1; null = nobody can tell */
	readonly part: number | null;
	readonly rows: number;
	readonly total: number;
}

const ASK_EVERY_MS = 400;
const NO_PROGRESS: Progress = { part: null, rows: 0, total: 0 };

export class ImportDesk {
	session = $state.raw<Session | null>(null);
	busy = $state.raw<Busy>(null);
	progress = $state.raw<Progress>(NO_PROGRESS);
	problem = $state.raw<DoorProblem | null>(null);
	/** name of the file being sent */
	fileName = $state.raw('');
	mapping = $state.raw<readonly (Column | null)[]>([]);
	/** chosen by the person; never by us */
	datum = $state.raw<Datum | null>(null);
	placement = $state.raw<Placement | null>(null);
	preview = $state.raw<Preview | null>(null);
	applied = $state.raw<ImportResult | null>(null);
	/** what `placement` and `preview` were made for */
	#placedFor = '';
	#plannedFor = '';
	#abort: AbortController | null = null;

	readonly check = $derived(
		checkMapping(this.mapping, this.session?.fields.filter((one) => one.isRequired).map(({ field }) => field) ?? [])
	);

	/** How far one may go with what is known. */
	readonly reach: Step = $derived.by(() => {
		if (!this.session?.inspection) return 'file';
		if (this.applied) return 'done';
		if (this.check.problems.length > 0) return 'columns';
		const isDatumOpen = this.placement ? this.placement.isDatumNeeded && this.datum === null : this.datum === null;
		return isDatumOpen && this.preview === null ? 'datum' : 'preview';
	});

	readonly canReach = (step: Step): boolean => STEPS.indexOf(step) <= STEPS.indexOf(this.reach);

	/** Sends a file; true once it was read. */
	async open(file: File): Promise<boolean> {
		// Few uploads may be open at once: the one before gives its place back first.
		await this.discard();
		this.fileName = file.name;
		this.busy = 'uploading';
		this.progress = { ...NO_PROGRESS, part: 0 };
		this.#abort = new AbortController();
		const { signal } = this.#abort;
		const told = (part: number): void => {
			this.progress = { ...NO_PROGRESS, part };
			if (part >= 1) this.busy = 'reading';
		};
		const url = withQuery('/api/imports', { name: file.name });
		return this.#enter(await upload<Session>(url, file, told, signal));
	}

	/** Takes up an upload by its id, as after a reload; false where it is gone. */
	async restore(id: string): Promise<boolean> {
		this.busy = 'reading';
		this.progress = NO_PROGRESS;
		return this.#enter(await ask<Session>(withQuery('/api/imports/session', { id })));
	}

	cancel(): void {
		this.#abort?.abort();
	}

	/** Forgets the upload here and on the server. */
	async discard(): Promise<void> {
		const id = this.session?.id;
		this.reset();
		if (id === undefined) return;
		forget(id);
		// One that cannot be discarded now is dropped by the server when it is old.
		await ask('/api/imports/discard', { id });
	}

	reset(): void {
		this.session = this.placement = this.preview = this.applied = this.problem = this.datum = this.busy = null;
		this.mapping = [];
		this.progress = NO_PROGRESS;
		this.#placedFor = this.#plannedFor = '';
	}

	async chooseSheet(sheet: string): Promise<void> {
		const session = this.session;
		if (!session || sheet === session.inspection?.sheet) return;
		const answer = await this.#wait('reading', ask<Session>('/api/imports/sheet', { id: session.id, sheet }));
		if (!answer.ok) return;
		this.session = answer.value;
		this.mapping = answer.value.inspection?.columns.map(({ guess }) => guess) ?? [];
		this.placement = this.preview = this.applied = null;
		this.#keep();
	}

	map(place: number, field: Column | null): void {
		this.mapping = this.mapping.with(place, field);
		this.#keep();
	}

	chooseDatum(datum: Datum): void {
		this.datum = datum;
		this.#keep();
	}

	/** What a step needs is asked for, unless it is here already. */
	async enter(step: Step): Promise<void> {
		if (this.busy !== null) return;
		if (step === 'datum') await this.#place();
		if (step === 'preview') await this.plan();
	}

	/** True where the datum has to be chosen before a preview. */
	async needsDatum(): Promise<boolean> {
		await this.#place();
		return this.placement?.isDatumNeeded ?? true;
	}

	async #place(): Promise<void> {
		const { session, mapping } = this;
		const key = JSON.stringify([session?.inspection?.sheet, mapping]);
		if (!session || (this.placement && key === this.#placedFor)) return;
		this.placement = null;
		const answer = await this.#wait('placing', ask<Placement>('/api/imports/placement', { id: session.id, mapping }));
		if (!answer.ok) return;
		this.placement = answer.value;
		this.#placedFor = key;
	}

	/** A preview of what was entered; `isAnew` where the registry has moved meanwhile. */
	async plan(isAnew = false): Promise<void> {
		const { session, mapping, datum } = this;
		const sheet = session?.inspection?.sheet ?? undefined;
		const key = JSON.stringify([sheet, mapping, datum]);
		if (!session || (!isAnew && this.preview && key === this.#plannedFor)) return;
		this.preview = this.applied = null;
		const body = { id: session.id, mapping, datum, sheet };
		const answer = await this.#wait('planning', ask<Preview>('/api/imports/preview', body));
		if (!answer.ok) return;
		this.preview = answer.value;
		this.#plannedFor = key;
	}

	/** True once it stands in the registry. */
	async apply(): Promise<boolean> {
		const { session, preview } = this;
		if (!session || !preview) return false;
		const body = { id: session.id, previewRevision: preview.previewRevision };
		const answer = await this.#wait('applying', ask<ImportResult>('/api/imports/apply', body));
		if (answer.ok) this.applied = answer.value;
		return answer.ok;
	}

	async #enter(first: Answer<Session>): Promise<boolean> {
		let answer = first;
		while (answer.ok && (answer.value.state === 'reading' || answer.value.state === 'uploading')) {
			this.#tell(answer.value);
			await paused(ASK_EVERY_MS);
			answer = await ask<Session>(withQuery('/api/imports/session', { id: answer.value.id }));
		}
		this.busy = null;
		if (!answer.ok) {
			this.problem = answer.problem.code === 'cancelled' ? null : answer.problem;
			return false;
		}
		const session = answer.value;
		if (session.problem) {
			this.problem = { status: 422, ...session.problem };
			return false;
		}
		this.#take(session);
		return true;
	}

	#take(session: Session): void {
		const columns = session.inspection?.columns ?? [];
		const entered = recall(session.id);
		const isSame = entered?.mapping.length === columns.length && entered.sheet === (session.inspection?.sheet ?? null);
		this.session = session;
		this.fileName = session.fileName;
		this.problem = null;
		this.mapping = entered && isSame ? entered.mapping : columns.map(({ guess }) => guess);
		this.datum = entered?.datum ?? session.preview?.datum ?? null;
		this.preview = session.preview;
		this.applied = session.applied;
		// The plan on the server is of what was entered in this tab, or nobody knows of what: then it is made again.
		this.#plannedFor = isSame ? JSON.stringify([session.inspection?.sheet ?? undefined, this.mapping, this.datum]) : '';
	}

	#keep(): void {
		const { session, mapping, datum } = this;
		if (session) remember(session.id, { sheet: session.inspection?.sheet ?? null, mapping, datum });
		this.problem = null;
	}

	/** Waits for an answer and says meanwhile how far the server is. */
	async #wait<T>(busy: Exclude<Busy, null>, asked: Promise<Answer<T>>): Promise<Answer<T>> {
		this.busy = busy;
		this.problem = null;
		this.progress = NO_PROGRESS;
		const timer = setInterval(() => void this.#look(), ASK_EVERY_MS);
		const answer = await asked;
		clearInterval(timer);
		this.busy = null;
		this.problem = answer.ok ? null : answer.problem;
		return answer;
	}

	async #look(): Promise<void> {
		const id = this.session?.id;
		if (id === undefined) return;
		const answer = await ask<Session>(withQuery('/api/imports/session', { id }));
		if (answer.ok && this.busy !== null) this.#tell(answer.value);
	}

	#tell({ progress: { rows, total } }: SessionView): void {
		this.progress = { part: total > 0 ? rows / total : null, rows, total };
	}
}

const paused = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
