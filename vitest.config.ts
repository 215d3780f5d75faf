import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { ensureMessages } from './scripts/setup.mjs';

await ensureMessages();

// Real processes are started and ended in both projects, so the limits are those of a loaded machine with two cores;
// no test waits for a time.
const limits = { testTimeout: 60_000, hookTimeout: 120_000, teardownTimeout: 30_000 };

export default defineConfig({
	// For `.svelte.ts` modules; the rest of the code is plain TypeScript.
	plugins: [svelte()],
	test: {
		maxWorkers: 2,
		projects: [
			{
				extends: true,
				test: { name: 'unit', include: ['{src,server,db,scripts}/**/*.test.ts'], ...limits }
			},
			{
				extends: true,
				test: {
					name: 'integration',
					include: ['test/{integration,support}/**/*.test.ts'],
					globalSetup: 'test/support/integration-setup.ts',
					// The built pages are loaded as Node loads them; transformed for tests they break.
					server: { deps: { external: [/\/build\//] } },
					...limits
				}
			},
			{
				extends: true,
				test: {
					// Whole products, killed and started again. Two files at a time: no test waits for a time, and half of it is waiting.
					name: 'fault',
					include: ['test/fault/**/*.test.ts'],
					globalSetup: 'test/support/integration-setup.ts',
					...limits,
					testTimeout: 300_000
				}
			}
		]
	}
});
