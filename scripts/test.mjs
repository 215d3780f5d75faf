// `npm test [-- unit|integration|fault|browser [filter]]`: installs what the tests need, runs the suites, counts.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianPackages, redisServer } from './debian.mjs';
import { isOnPath, node24, root, runCommand, runVisibly, say, SetupError } from './run.mjs';
import { ensureBuild, ensureMessages, ensurePackages } from './setup.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const SUITES = ['unit', 'integration', 'fault', 'browser'];

const postgresql = { debian: 'postgresql', isThere: () => hasPostgres('/usr/lib/postgresql') };
const chromium = {
	debian: 'chromium',
	isThere: () => existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium')
};
const chineseFont = {
	debian: 'fonts-noto-cjk',
	isThere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc')
};
const nginx = { debian: 'nginx', isThere: () => existsSync('/usr/sbin/nginx') };
const openssl = { debian: 'openssl', isThere: () => isOnPath('openssl') };

/** @param {string} folder Debian keeps each major version's programs in a folder of its own */
function hasPostgres(folder) {
	return existsSync(folder) && readdirSync(folder).some((version) => existsSync(join(folder, version, 'bin/initdb')));
}

/**
 * @param {string} suite
 * @param {string} reports folder for the suite's JSON report
 * @param {string[]} filter
 * @returns {Promise<Count>}
 */
async function runSuite(suite, reports, filter) {
	const report = join(reports, `${suite}.json`);
	const code = suite === 'browser' ? await runPlaywright(report, filter) : await runVitest(suite, report, filter);
	const count = countReport(suite, report);
	// A worker that dies or an error outside a test fails the run without failing a test: that counts too.
	if (code !== 0 && count.failed === 0) {
		say(`${suite}: ended with code ${code} although no test failed; counted as one failure`);
		count.failed = 1;
	}
	return count;
}

/**
 * @param {string} suite
 * @param {string} report
 * @param {string[]} filter
 */
function runVitest(suite, report, filter) {
	const vitest = join(root, 'node_modules/vitest/vitest.mjs');
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	return runVisibly(node24, [vitest, 'run', '--project', suite, ...reporters, ...filter], testEnv());
}

/**
 * @param {string} report
 * @param {string[]} filter
 */
function runPlaywright(report, filter) {
	const playwright = join(root, 'node_modules/@playwright/test/cli.js');
	const env = { ...testEnv(), PLAYWRIGHT_JSON_OUTPUT_FILE: report };
	return runVisibly(node24, [playwright, 'test', '--reporter=list,json', ...filter], env);
}

/** The tests start their own servers; a database or Redis of the developer's shell is none of their business. */
function testEnv() {
	const own = ['REDIS_URL', 'DATABASE_URL', 'DATA_DIR', 'DEMO', 'PORT', 'HOST', 'SHARDS', 'LOG_LEVEL'];
	own.push('ORIGIN', 'TRUSTED_PROXIES');
	own.push('IDLE_MINUTES', 'DUTY_IDLE_MINUTES', 'SESSION_HOURS', 'PASSWORD_MAX_DAYS', 'INGEST_EVENTS_PER_SECOND');
	own.push('OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_LABEL', 'OIDC_CLAIM');
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)));
}

/**
 * @param {string} suite
 * @param {string} file
 * @returns {Count}
 */
function countReport(suite, file) {
	if (!existsSync(file)) {
		say(`${suite}: ended without a report; counted as one failure`);
		return { passed: 0, failed: 1, skipped: 0 };
	}
	const report = JSON.parse(readFileSync(file, 'utf8'));
	if (suite === 'browser') {
		const { expected, unexpected, flaky, skipped } = report.stats;
		// Errors outside a test (a file that does not load) stand beside the tests' own.
		return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
	}
	/** @type {{ status: string, assertionResults: unknown[] }[]} */
	const files = report.testResults;
	const broken = files.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length;
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + broken,
		skipped: report.numPendingTests + report.numTodoTests
	};
}

/** @param {Count} count */
function inWords({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

await runCommand(async () => {
	const [asked, ...filter] = process.argv.slice(2);
	if (asked !== undefined && !SUITES.includes(asked)) {
		throw new SetupError(`There is no suite ${asked}; use one of ${SUITES.join(', ')}, then an optional filter.`);
	}
	const suites = asked === undefined ? SUITES : [asked];
	await ensurePackages();
	await ensureMessages();
	const programs = [redisServer];
	if (suites.includes('integration') || suites.includes('fault')) programs.push(postgresql);
	if (suites.includes('integration')) programs.push(nginx, openssl);
	if (suites.includes('browser')) programs.push(chromium, chineseFont);
	await ensureDebianPackages(programs);
	if (suites.some((suite) => suite !== 'unit')) await ensureBuild();

	const reports = mkdtempSync(join(tmpdir(), 'yizhan-reports-'));
	const total = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	const lines = [];
	for (const suite of suites) {
		say(`— ${suite} tests`);
		const count = await runSuite(suite, reports, filter);
		if (count.passed + count.failed === 0) {
			lines.push(`${suite}: no test ran`);
			total.failed += 1;
			continue;
		}
		lines.push(`${suite}: ${inWords(count)}`);
		total.passed += count.passed;
		total.failed += count.failed;
		total.skipped += count.skipped;
	}
	rmSync(reports, { recursive: true, force: true });
	say(`\n${lines.join('\n')}\n${inWords(total)}`);
	return total.failed === 0 ? 0 : 1;
});
