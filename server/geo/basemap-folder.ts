/** The folder `DATA_DIR/basemap/`, read again when a file in it has changed. A folder that is not there is an empty one. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GeoProblem } from './geo-problem.ts';
import { SETTINGS_FILE } from './map-settings.ts';

/** County polygons of a province are a few MB; a file above this is no map of a city. */
const MAX_BYTES = 32 * 2 ** 20;

export interface FolderContent {
	/** changes when a file came, went, or was written */
	readonly mark: string;
	/** text of map.json */
	readonly settings: string | null;
	/** GeoJSON files, by name */
	readonly polygons: readonly { readonly name: string; readonly text: string }[];
	readonly problems: readonly GeoProblem[];
}

interface FileMark {
	readonly name: string;
	readonly size: number;
	readonly mark: string;
}

export class BasemapFolder {
	readonly #path: string;
	#content: FolderContent = { mark: '', settings: null, polygons: [], problems: [] };

	constructor(path: string) {
		this.#path = path;
	}

	/** Looks at the folder; reads only when something changed. */
	async read(): Promise<FolderContent> {
		const files = await this.#marks();
		const mark = files.map((file) => file.mark).join('\n');
		if (mark !== this.#content.mark) this.#content = await this.#load(files, mark);
		return this.#content;
	}

	async #marks(): Promise<FileMark[]> {
		const names = await readdir(this.#path).catch(nothingWhenMissing([]));
		const files = names.filter((name) => /\.(geojson|json)$/i.test(name) && !name.startsWith('.')).sort();
		const marks = await Promise.all(
			files.map(async (name): Promise<FileMark | null> => {
				const found = await stat(join(this.#path, name)).catch(nothingWhenMissing(null));
				return found?.isFile() ? { name, size: found.size, mark: `${name} ${found.mtimeMs} ${found.size}` } : null;
			})
		);
		return marks.filter((mark) => mark !== null);
	}

	async #load(files: readonly FileMark[], mark: string): Promise<FolderContent> {
		const problems: GeoProblem[] = [];
		const texts: { name: string; text: string }[] = [];
		for (const { name, size } of files) {
			const text =
				size > MAX_BYTES ? `it is larger than ${MAX_BYTES / 2 ** 20} MiB` : await readText(join(this.#path, name));
			if (typeof text !== 'string') texts.push({ name, text: text.text });
			else problems.push({ code: 'unreadable_file', file: name, message: `${name}: ${text}. It is left out.` });
		}
		const settings = texts.find(({ name }) => name === SETTINGS_FILE)?.text ?? null;
		return { mark, settings, polygons: texts.filter(({ name }) => name !== SETTINGS_FILE), problems };
	}
}

/** The text without a byte order mark, or what is wrong. */
async function readText(path: string): Promise<{ text: string } | string> {
	try {
		return { text: (await readFile(path, 'utf8')).replace(/^\uFEFF/, '') };
	} catch (error) {
		return `it cannot be read (${error instanceof Error ? error.message : 'unknown'})`;
	}
}

/** A file may go between two looks; a folder without rights is an error of its own. */
function nothingWhenMissing<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
	return (error) => {
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return nothing;
		throw error;
	};
}
