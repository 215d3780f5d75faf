// `npm run check`: types, lint, formatting, boundaries between the rooms, dead code, packages.
// Every check runs even when an earlier one failed, so that one run tells everything.
import { join } from 'node:path';
import { node24, root, runCommand, runVisibly, say } from './run.mjs';
import { ensureMessages, ensurePackages } from './setup.mjs';

/** @type {[name: string, script: string, args: string[]][]} */
const CHECKS = [
	['svelte-kit sync', 'node_modules/@sveltejs/kit/svelte-kit.js', ['sync']],
	[
		'svelte-check',
		'node_modules/svelte-check/bin/svelte-check',
		['--tsconfig', './tsconfig.json', '--fail-on-warnings']
	],
	['tsc without a browser', 'node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.server.json']],
	['eslint', 'node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0']],
	['prettier', 'node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']],
	[
		'boundaries',
		'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
		['src', 'server', 'db', 'test', 'scripts']
	],
	['dead code', 'node_modules/knip/bin/knip.js', []],
	['dependencies', 'scripts/dependency-check.mjs', []]
];

await runCommand(async () => {
	await ensurePackages();
	await ensureMessages();
	const asked = process.argv.slice(2);
	/** @type {string[]} */
	const failed = [];
	for (const [name, script, args] of CHECKS) {
		if (asked.length > 0 && !asked.some((word) => name.includes(word))) continue;
		say(`— ${name}`);
		const code = await runVisibly(node24, [join(root, script), ...args]);
		if (code !== 0) failed.push(name);
	}
	say(failed.length === 0 ? 'all checks passed' : `checks that failed: ${failed.join(', ')}`);
	return failed.length === 0 ? 0 : 1;
});
