import { defineConfig } from '@playwright/test';

export default defineConfig({
	testDir: 'test/e2e',
	testMatch: '**/*.test.ts',
	// Each file starts a product of its own; a browser test waits more than it works, so two cores carry two files.
	workers: 2,
	fullyParallel: false,
	retries: 0,
	forbidOnly: process.env['CI'] !== undefined,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	outputDir: 'test-results',
	use: {
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		viewport: { width: 1920, height: 1080 },
		screenshot: 'only-on-failure',
		launchOptions: {
			// Debian's Chromium: Playwright downloads no browser of its own.
			executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	}
});
