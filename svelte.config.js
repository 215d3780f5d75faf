import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: { runes: true },
	kit: {
		// server/main.ts mounts build/handler.js on its own HTTP server, beside the socket.
		adapter: adapter({ out: 'build' }),
		// The build's name is the hash of its sources (scripts/setup.mjs), so that a page notices a new build on
		// reconnect and a rebuild of the same sources is the same build.
		version: { name: process.env['YIZHAN_BUILD'] ?? 'development' }
	}
};
