/**
 * A part of the page that cannot be fetched any more: the server was upgraded between the page and its parts, or is just
 * starting. Nobody stands before a wall to reload it, so it does that itself, and not faster than a server can start.
 */
const RELOADED_AT = 'yizhan.reloaded-for-chunk';
export const RELOAD_EVERY_MS = 30_000;

/** ms to wait before the next reload; `lastMs` 0 = there was none. A clock that was set back does not lock the page. */
export function reloadDelay(lastMs: number, nowMs: number): number {
	const since = nowMs - lastMs;
	return since < 0 || since >= RELOAD_EVERY_MS ? 0 : RELOAD_EVERY_MS - since;
}

/** Watches until the answer is called. */
export function reloadOnLostChunk(page: Window): () => void {
	let timer = 0;
	// Vite tells of every module that an `import()` could not fetch.
	const reload = (): void => {
		clearTimeout(timer);
		const last = Number(page.sessionStorage.getItem(RELOADED_AT) ?? 0);
		timer = page.setTimeout(
			() => {
				page.sessionStorage.setItem(RELOADED_AT, String(Date.now()));
				page.location.reload();
			},
			reloadDelay(last, Date.now())
		);
	};
	page.addEventListener('vite:preloadError', reload);
	return () => {
		clearTimeout(timer);
		page.removeEventListener('vite:preloadError', reload);
	};
}
