/** Short notices that a page shows for a while and reads aloud. One list per page; `NoticeRegion` shows it. */

export interface Notice {
	readonly id: number;
	readonly text: string;
	/** problem: stays until it is closed */
	readonly tone: 'news' | 'problem';
}

/** Long enough to read a line twice. */
const SHOWN_MS = 12_000;

/** More would cover the page; the oldest give way. */
const MOST = 4;

class Notices {
	#list = $state.raw<readonly Notice[]>([]);
	#last = 0;

	get list(): readonly Notice[] {
		return this.#list;
	}

	/** Shows a notice; the answer takes it away again. */
	add(text: string, tone: Notice['tone'] = 'news'): () => void {
		const id = ++this.#last;
		this.#list = [...this.#list, { id, text, tone }].slice(-MOST);
		const close = (): void => this.close(id);
		if (tone === 'news') setTimeout(close, SHOWN_MS);
		return close;
	}

	close(id: number): void {
		this.#list = this.#list.filter((notice) => notice.id !== id);
	}
}

export const notices = new Notices();
