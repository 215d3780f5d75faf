/**
 * The import desk: a file is read, placed, previewed and applied in a session that knows it by a random id. Sessions live in
 * this process and its folder; a start begins with none.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Area, Datum } from '#domain/site.ts';
import type { Finding } from '#server/registry/finding.ts';
import type { ImportMeta, ImportResult, ImportSource } from '#server/store/import-store.ts';
import { mismatchesOf, type AreaAt, type Placement } from './mismatches.ts';
import { ImportProblem } from './problem.ts';
import type { Inspection, Mapping, Page, PageKind, PlanSummary, Registry } from './protocol.ts';
import { threadSource } from './thread-source.ts';
import { startWorkThread, type WorkThread } from './work-thread.ts';
import { scopeNames, type Writer } from './writer.ts';

export interface DeskOptions {
	/** Folder of the sessions; emptied at the start */
	readonly dir: string;
	readonly now: () => number;
	readonly registry: {
		revision(): Promise<number>;
		load(): Promise<Registry>;
		areas(): Promise<readonly Area[]>;
	};
	/** Throws `RegistryMoved` when the registry is not the one the plan was made on. */
	readonly apply: (source: ImportSource, meta: ImportMeta) => Promise<ImportResult>;
	readonly onRegistryChanged: () => Promise<void>;
	/** Tells the area at a point, once areas are made; without it, or where it knows none, neighbours are asked */
	readonly areaFinder?: (() => Promise<AreaAt>) | undefined;
}

export interface SessionView {
	readonly id: string;
	readonly fileName: string;
	/** refused: `problem` says why, and the file is gone */
	readonly state: 'uploading' | 'reading' | 'ready' | 'working' | 'refused' | 'applied';
	readonly progress: { readonly phase: string; readonly rows: number; readonly total: number };
	readonly inspection: Inspection | null;
	readonly preview: Preview | null;
	readonly applied: ImportResult | null;
	readonly problem: Finding | null;
	/** ISO 8601, UTC */
	readonly expiresAt: string;
}

export interface Preview extends PlanSummary {
	/** Revision of the registry that the plan was made on */
	readonly revision: number;
	/** Names this very plan; `apply` wants it back */
	readonly previewRevision: string;
}

export interface Desk {
	/** The desk as one person sees it: the sessions of others are not there. */
	at(writer: Writer): Seat;
	close(): Promise<void>;
}

export interface Seat {
	/**
	 * A session for a file that `write` puts at the path it is given. Of the person's own the oldest gives way to it. Throws
	 * `ImportProblem` 429 when too many are open.
	 */
	open(fileName: string, write: (path: string) => Promise<void>): Promise<SessionView>;
	view(id: string): SessionView;
	/** Reads another sheet of the workbook. */
	chooseSheet(id: string, sheet: string): Promise<SessionView>;
	place(id: string, mapping: Mapping): Promise<Placement>;
	/** Rows of sites outside of the writer's scopes are errors. */
	preview(id: string, input: { mapping: Mapping; datum: Datum | null; sheet?: string | undefined }): Promise<Preview>;
	page(id: string, kind: PageKind, after: number, limit: number): Promise<Page>;
	/** CSV of the rows with findings */
	errorList(id: string): Promise<string>;
	/** Applied twice, the second answer is the first, and `isFirst` is false. */
	apply(id: string, previewRevision: string): Promise<Applied>;
	discard(id: string): Promise<void>;
}

export interface Applied {
	readonly result: ImportResult;
	readonly isFirst: boolean;
	readonly fileName: string;
	readonly preview: Preview;
}

/**
 * A session that is worked on holds its table in a thread: some 10 MB for the city's registry, 100 MB for a province's
 * 20,000 sites. Twelve at once are an afternoon on which every district imports, in 0.1 to 1.2 GB; on the disk they are
 * 12 × MAX_FILE_BYTES (64 MiB) at most. Whoever takes longer than IDLE_MS over a step holds no thread.
 */
const MAX_SESSIONS = 12;
/** One to work on and one to compare it with: nobody can take the desk from the others. */
const MAX_OF_OWNER = 2;
const SESSION_MS = 24 * 3_600_000;
/** A session that nobody worked on for so long gives its memory back, and its place when others want one. */
const IDLE_MS = 15 * 60_000;
const SWEEP_MS = 60_000;
/** What an upload waits for its file to be read; longer ones are asked after by `view`. */
const READ_WAIT_MS = 1_500;

interface Session {
	readonly id: string;
	/** of the person who opened it */
	readonly ownerId: string;
	readonly fileName: string;
	readonly dir: string;
	readonly path: string;
	readonly openedAt: number;
	/** when something was last done with it; a look is nothing done */
	touchedAt: number;
	state: SessionView['state'];
	thread: WorkThread | null;
	inspection: Inspection | null;
	preview: Preview | null;
	/** the scopes for which it was made */
	plannedFor: string;
	previews: number;
	applied: ImportResult | null;
	problem: Finding | null;
}

export async function openImportDesk(options: DeskOptions): Promise<Desk> {
	const { now, registry } = options;
	const sessions = new Map<string, Session>();
	await rm(options.dir, { recursive: true, force: true });

	const drop = async (session: Session): Promise<void> => {
		sessions.delete(session.id);
		await session.thread?.close();
		await rm(session.dir, { recursive: true, force: true });
	};
	const isIdle = (session: Session): boolean => session.touchedAt < now() - IDLE_MS && !isBusy(session);
	const isOver = (session: Session): boolean => session.openedAt < now() - SESSION_MS;
	const sweep = async (): Promise<void> => {
		for (const session of [...sessions.values()]) {
			if (isOver(session) && !isBusy(session)) await drop(session);
			else if (isIdle(session) && session.thread !== null) await forget(session);
		}
	};
	const timer = setInterval(() => void sweep(), SWEEP_MS).unref();

	const look = ({ id: ownerId }: Writer, id: string): Session => {
		const session = sessions.get(id);
		if (session?.ownerId !== ownerId || isOver(session)) throw noSession();
		return session;
	};
	const find = (writer: Writer, id: string): Session => {
		const session = look(writer, id);
		session.touchedAt = now();
		return session;
	};

	/** One thing at a time per session: two tabs must not plan over each other. */
	const exclusively = async <T>(session: Session, run: () => Promise<T>): Promise<T> => {
		if (session.state !== 'ready' && session.state !== 'applied') throw busy(session);
		const before = session.state;
		session.state = 'working';
		try {
			return await run();
		} finally {
			if (session.state === 'working') session.state = before;
			session.touchedAt = now();
		}
	};

	/** Without a pause up to where the new session stands in the old one's place: uploads may begin at the same moment. */
	const seat = async (session: Session): Promise<void> => {
		const all = [...sessions.values()];
		const own = all.filter(({ ownerId }) => ownerId === session.ownerId);
		const isFull = own.length >= MAX_OF_OWNER;
		if (!isFull && all.length < MAX_SESSIONS) return void sessions.set(session.id, session);
		const leaving = isFull
			? own.filter((one) => !isBusy(one))
			: all.filter((one) => one.state === 'refused' || isIdle(one));
		const oldest = leaving.toSorted((a, b) => a.touchedAt - b.touchedAt)[0];
		if (oldest === undefined) throw isFull ? tooManyOwn() : tooMany();
		sessions.delete(oldest.id);
		sessions.set(session.id, session);
		await drop(oldest);
	};

	const seatOf = (writer: Writer): Seat => ({
		async open(fileName, write) {
			const session = newSession(options.dir, writer, fileName, now());
			await seat(session);
			try {
				await mkdir(session.dir, { recursive: true });
				await write(session.path);
				session.state = 'reading';
				const reading = read(session, undefined).finally(() => (session.touchedAt = now()));
				// A long file goes on being read after the answer; its failure is told by `view` then.
				reading.catch(() => undefined);
				await Promise.race([reading, waited(READ_WAIT_MS)]);
			} catch (error) {
				await drop(session);
				throw error;
			}
			if (session.problem === null) return viewOf(session);
			await drop(session);
			const { code, message, line } = session.problem;
			throw new ImportProblem(422, code, message, { line });
		},
		view: (id) => viewOf(look(writer, id)),
		async chooseSheet(id, sheet) {
			const session = find(writer, id);
			await exclusively(session, () => useSheet(session, sheet));
			return viewOf(session);
		},
		async place(id, mapping) {
			const session = find(writer, id);
			checkMapping(session, mapping);
			return exclusively(session, async () => {
				const thread = await awake(session);
				return mismatchesOf(
					await thread.run('place', { mapping, areas: await registry.areas() }),
					await options.areaFinder?.(),
					async () => thread.run('doubt', { mapping, registry: await registry.load() })
				);
			});
		},
		async preview(id, { mapping, datum, sheet }) {
			const session = find(writer, id);
			return exclusively(session, async () => {
				if (sheet !== undefined && sheet !== session.inspection?.sheet) await useSheet(session, sheet);
				checkMapping(session, mapping);
				const thread = await awake(session);
				session.preview = null;
				// The revision first: what moves between the two is noticed when the plan is applied.
				const revision = await registry.revision();
				const summary = await thread.run('plan', {
					...{ mapping, datum, scopes: writer.scopes },
					registry: await registry.load()
				});
				if (summary === null) throw datumNeeded();
				session.applied = null;
				session.state = 'ready';
				session.plannedFor = scopeNames(writer);
				const previewRevision = `${revision}.${++session.previews}`;
				return (session.preview = { ...summary, revision, previewRevision });
			});
		},
		async page(id, kind, after, limit) {
			return planned(find(writer, id)).run('page', { kind, after, limit });
		},
		async errorList(id) {
			return planned(find(writer, id)).run('errorList', null);
		},
		async apply(id, previewRevision) {
			const session = find(writer, id);
			const { preview } = session;
			if (preview === null) throw noPreview();
			if (preview.previewRevision !== previewRevision) throw otherPreview();
			// Whoever was given or lost a grant since has another preview to look at.
			if (session.plannedFor !== scopeNames(writer)) throw otherPreview();
			const { fileName } = session;
			if (session.applied !== null) return { result: session.applied, isFirst: false, fileName, preview };
			return exclusively(session, async () => {
				const meta = metaOf(session, preview, writer);
				const result = await options.apply(threadSource(planned(session), preview), meta);
				session.applied = result;
				session.state = 'applied';
				if (result.importId !== null) await options.onRegistryChanged();
				return { result, isFirst: true, fileName, preview };
			});
		},
		async discard(id) {
			const session = find(writer, id);
			if (isBusy(session)) throw busy(session);
			await drop(session);
		}
	});

	return {
		at: seatOf,
		async close() {
			clearInterval(timer);
			for (const session of [...sessions.values()]) await drop(session);
		}
	};
}

/** Its file or thread is in use: it cannot go now. */
const isBusy = ({ state }: Pick<Session, 'state'>): boolean => state === 'uploading' || state === 'working';

function newSession(folder: string, { id: ownerId }: Writer, fileName: string, nowMs: number): Session {
	const id = randomUUID();
	const dir = join(folder, id);
	const rest = {
		thread: null,
		inspection: null,
		preview: null,
		plannedFor: '',
		previews: 0,
		applied: null,
		problem: null
	} as const;
	const times = { openedAt: nowMs, touchedAt: nowMs };
	return { id, ownerId, fileName, dir, path: join(dir, 'file'), ...times, state: 'uploading', ...rest };
}

/** Reads the file (again). Problems of the file are kept in the session, not thrown. */
async function read(session: Session, sheet: string | undefined): Promise<void> {
	if (session.thread === null || !session.thread.isOpen) session.thread = startWorkThread();
	session.preview = null;
	try {
		const { path, fileName } = session;
		const result = await session.thread.run('read', { from: path, fileName, sheet });
		if (result.ok) session.inspection = result.inspection;
		else session.problem = result.problem;
	} catch (error) {
		const code = error instanceof ImportProblem ? error.code : 'file_unreadable';
		const reason = error instanceof ImportProblem ? error.message : 'The file could not be read. Save it anew.';
		session.problem = { line: 1, code, message: reason };
	}
	session.state = session.problem === null ? 'ready' : 'refused';
}

/** Reads another sheet; one that cannot be read leaves the session as it was. */
async function useSheet(session: Session, sheet: string): Promise<void> {
	const before = session.inspection;
	await read(session, sheet);
	if (session.problem === null) return;
	const { code, message, line } = session.problem;
	session.problem = null;
	await read(session, before?.sheet ?? undefined);
	throw new ImportProblem(422, code, message, { line });
}

/** The thread with the table in it; one that gave its memory back reads the file again. */
async function awake(session: Session): Promise<WorkThread> {
	if (session.thread === null || !session.thread.isOpen) {
		await read(session, session.inspection?.sheet ?? undefined);
		session.state = 'working';
	}
	if (session.thread === null || session.problem !== null) throw noSession();
	return session.thread;
}

async function forget(session: Session): Promise<void> {
	await session.thread?.close();
	session.thread = session.preview = null;
}

function planned({ thread, preview }: Session): WorkThread {
	if (preview === null || thread === null || !thread.isOpen) throw noPreview();
	return thread;
}

function metaOf({ fileName }: Session, preview: Preview, { userName: importedBy }: Writer): ImportMeta {
	const { datum, revision: plannedOn, errors, warnings } = preview;
	return { fileName, datum: datum ?? 'unknown', plannedOn, errors, warnings, importedBy };
}

function viewOf(session: Session): SessionView {
	const { id, fileName, state, inspection, preview, applied, problem, thread, openedAt } = session;
	const progress = thread?.progress() ?? { phase: state, rows: 0, total: 0 };
	const expiresAt = new Date(openedAt + SESSION_MS).toISOString();
	return { id, fileName, state, progress, inspection, preview, applied, problem, expiresAt };
}

function checkMapping({ inspection }: Session, mapping: Mapping): void {
	const said = mapping.filter((field) => field !== null);
	if (mapping.length !== inspection?.columns.length)
		throw new ImportProblem(
			400,
			'bad_mapping',
			`The file has ${inspection?.columns.length ?? 0} columns, the mapping ${mapping.length}. Give one entry for each.`
		);
	if (new Set(said).size !== said.length)
		throw new ImportProblem(400, 'bad_mapping', 'Two columns are mapped to one field. Choose one of them.');
}

const waited = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());

const noSession = (): ImportProblem =>
	new ImportProblem(404, 'unknown_session', 'This upload is not here (any more). Upload the file again.');
const noPreview = (): ImportProblem =>
	new ImportProblem(409, 'no_preview', 'There is no preview (any more). Ask for the preview first.');
const otherPreview = (): ImportProblem =>
	new ImportProblem(
		409,
		'preview_outdated',
		'This is not the newest preview. Look at the preview again, then apply it.'
	);
const datumNeeded = (): ImportProblem =>
	new ImportProblem(422, 'datum_needed', 'The file has coordinates without a datum. Choose it on the map first.');
const tooMany = (): ImportProblem =>
	new ImportProblem(
		429,
		'too_many_imports',
		`${MAX_SESSIONS} imports are open. Finish or discard one; those left alone give way after ${IDLE_MS / 60_000} min.`
	);
const tooManyOwn = (): ImportProblem =>
	new ImportProblem(
		429,
		'too_many_imports',
		`Of your imports ${MAX_OF_OWNER} are at work. Wait until one is done, then upload again.`
	);
const busy = ({ state }: Session): ImportProblem =>
	new ImportProblem(409, 'busy', `This import is ${state}. Wait until it is done, then try again.`);
