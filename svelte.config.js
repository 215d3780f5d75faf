import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		// server/main.ts mounts build/handler.js on its own HTTP server, beside the socket.
		adapter: adapter({ out: 'build' }),
		// A refused page is shown under the address that was asked for: its files are found from anywhere.
		paths: { relative: false },
		// The build's name is the hash of its sources (scripts/setup.mjs), so that a page notices a new build on
		// reconnect and a rebuild of the same sources is the same build.
		version: { name: process.env['YIZHAN_BUILD'] ?? 'development' },
		// What a page may load and do [WE2]. Answers that are no page have a narrower one (server/http/headers.ts).
		csp: {
			// A new nonce for each page: what SvelteKit writes into it runs, what anybody else got in does not.
			mode: 'nonce',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self'],
				// Sizes and colours of single elements: Svelte writes them as style attributes into the page it sends, and
				// ECharts into the text of its tooltips. They draw; they cannot load (img-src holds) nor run.
				'style-src-attr': ['unsafe-inline'],
				// data: and blob: are pictures that the map and the charts paint. Hosts of map tiles, which the deployer may
				// set while the server runs, are added when a page is sent (src/lib/shell/page-policy.ts).
				'img-src': ['self', 'data:', 'blob:'],
				'font-src': ['self'],
				// The live line too: `self` includes the WebSocket of the same host and port.
				'connect-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		}
	}
};
