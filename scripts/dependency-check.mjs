// The part of `npm run check` that looks at the packages: the lockfile, licences, and the advisories of the registry.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAudit, judgeLicences, judgeLock, licenceIn } from './dependencies.mjs';
import { root, say } from './run.mjs';

/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param {string} path of the lockfile, such as `node_modules/pino` */
function licenceAt(path) {
	const folder = join(root, path);
	if (!existsSync(join(folder, 'package.json'))) return null;
	const licence = join(folder, 'LICENSE');
	return licenceIn(json(join(folder, 'package.json')), existsSync(licence) ? readFileSync(licence, 'utf8') : null);
}

/**
 * A registry that cannot be reached shall not hold anybody up.
 * @param {string[]} args
 */
function askNpm(args) {
	const quick = ['--fetch-retries=0', '--fetch-timeout=20000'];
	return spawnSync('npm', ['audit', '--json', ...quick, ...args], { cwd: root, encoding: 'utf8' }).stdout ?? '';
}

const { packages } = json(join(root, 'package-lock.json'));
/** @type {[about: string, import('./dependencies.mjs').Judgement & { isAsked?: boolean }][]} */
const judgements = [
	['', judgeLock(packages)],
	['', judgeLicences(packages, licenceAt)],
	['run time: ', judgeAudit(askNpm(['--omit=dev']), 'high')],
	// What builds and tests the product never meets a stranger's request; the worst counts there too.
	['with development: ', judgeAudit(askNpm([]), 'critical')]
];
for (const [about, { line, findings, isAsked }] of judgements) {
	const mark = findings.length > 0 ? '✗' : isAsked === false ? '–' : '✓';
	say(`  ${mark} ${about}${line}`);
	for (const finding of findings) say(`      ${finding}`);
}
process.exitCode = judgements.some(([, { findings }]) => findings.length > 0) ? 1 : 0;
