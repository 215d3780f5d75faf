import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What browsers talk to, whatever happens behind it: a port that stays while the product stops and starts again. */
export interface Front {
	readonly url: string;
	/** Leads on to this product. */
	leadTo(product: { readonly url: string }): void;
	/** From here on every request is sent to a sign-in of somebody else, as proxies of large networks do; open lines are cut. */
	askForSignIn(): void;
	close(): Promise<void>;
}

const ELSEWHERE =
	'HTTP/1.1 302 Found\r\nLocation: /sign-in-of-the-network\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export async function openFront(): Promise<Front> {
	let port: number | null = null;
	const lines = new Set<Socket>();
	const server = createServer((line) => {
		lines.add(line);
		line.on('close', () => lines.delete(line));
		line.on('error', () => line.destroy());
		if (port === null) return void line.once('data', () => line.end(ELSEWHERE));
		const onward = connect(port, '127.0.0.1');
		// One side that breaks off breaks the other, as without anything between.
		onward.on('error', () => line.destroy());
		onward.on('close', () => line.destroy());
		line.on('close', () => onward.destroy());
		line.pipe(onward).pipe(line);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const cut = (): void => lines.forEach((line) => line.destroy());
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		leadTo: ({ url }) => {
			port = Number(new URL(url).port);
			cut();
		},
		askForSignIn() {
			port = null;
			cut();
		},
		async close() {
			cut();
			server.close();
			await once(server, 'close');
		}
	};
}
