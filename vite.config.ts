import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [sveltekit()],
	server: {
		// The embedded database and Redis write here all the time; none of it is a source.
		watch: { ignored: ['**/.data/**', '**/build/**'] }
	}
});
