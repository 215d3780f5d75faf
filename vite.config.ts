import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { messageOptions } from './scripts/messages.mjs';

export default defineConfig({
	plugins: [paraglideVitePlugin(messageOptions), sveltekit()],
	server: {
		// The embedded database and Redis write here all the time; none of it is a source.
		watch: { ignored: ['**/.data/**', '**/build/**'] }
	}
});
