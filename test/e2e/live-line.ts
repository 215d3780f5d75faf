/** A page's line to the server in the hands of a test: it can be cut and mended. */
import type { Page, WebSocketRoute } from '@playwright/test';

export interface LiveLine {
	/** Closes what is open and refuses what comes until it is mended. */
	cut(): Promise<void>;
	mend(): void;
	/** From now on the server seems to run this build. */
	pretendBuild(build: string): void;
}

/** Before `page.goto`. */
export async function holdLine(page: Page): Promise<LiveLine> {
	let isCut = false;
	let build: string | null = null;
	let open: WebSocketRoute[] = [];
	await page.routeWebSocket(/\/live\//u, async (line) => {
		if (isCut) return line.close();
		const server = line.connectToServer();
		open.push(line);
		server.onMessage((message) => {
			const isHello = typeof message === 'string' && message.startsWith('42["hello"');
			line.send(isHello && build ? message.replace(/"build":"[^"]*"/u, `"build":"${build}"`) : message);
		});
	});
	return {
		async cut() {
			isCut = true;
			const lines = open;
			open = [];
			await Promise.all(lines.map((line) => line.close()));
		},
		mend() {
			isCut = false;
		},
		pretendBuild(name) {
			build = name;
		}
	};
}
