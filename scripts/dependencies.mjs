// What the packages of the lockfile are allowed to be, and whether advisories are known against them. Pure functions:
// scripts/dependency-check.mjs reads the files and asks npm, whose answers are kept in audit-samples/ for the tests.

/**
 * A package as package-lock.json has it; a build for another platform that this registry did not have is only a name.
 * @typedef {{ version?: string, resolved?: string, integrity?: string, license?: string, os?: string[] }} Kept
 * @typedef {Kept & { dev?: boolean, optional?: boolean, link?: boolean }} Locked
 */

/**
 * `findings`: what makes the check fail, each a sentence. `line`: what is said in any case.
 * @typedef {{ line: string, findings: string[] }} Judgement
 */

/** Levels of npm, the least first. */
const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'];

/**
 * Licences that let a city authority run, change and pass on the product without opening anything or asking anybody.
 * MPL-2.0 asks for the source of its own files only, which npm brings.
 */
export const ALLOWED_LICENCES = [
	'0BSD',
	'Apache-2.0',
	'BlueOak-1.0.0',
	'BSD-2-Clause',
	'BSD-3-Clause',
	'CC0-1.0',
	'ISC',
	'MIT',
	'MIT-0',
	'MPL-2.0',
	'Python-2.0',
	'Unlicense',
	'Zlib'
];

/**
 * Every package is pinned by a hash, and named without the address of one registry.
 * @param {Record<string, Locked>} packages `packages` of the lockfile
 * @returns {Judgement}
 */
export function judgeLock(packages) {
	const entries = Object.entries(packages).filter(([path]) => path !== '');
	/** @type {string[]} */
	const findings = [];
	let hashed = 0;
	let elsewhere = 0;
	for (const [path, locked] of entries) {
		const name = `${nameOf(path)} ${locked.version ?? ''}`.trim();
		if (locked.resolved !== undefined) findings.push(`${name} has a "resolved" address: one registry is written down.`);
		if (locked.link === true) findings.push(`${name} is a link to a folder, not a package.`);
		else if (locked.integrity?.startsWith('sha512-')) hashed++;
		// npm writes no hash for a build of another platform that it could not look at; it does not install it either.
		else if (isElsewhere(locked)) elsewhere++;
		else findings.push(`${name} has no sha512 hash: what is installed could be anything.`);
	}
	const line = `${entries.length} packages locked: ${hashed} with a hash, ${elsewhere} optional builds for other platforms without`;
	return { line, findings };
}

/**
 * A build for one platform: optional, and nothing but that is known of it.
 * @param {Locked} locked
 */
function isElsewhere(locked) {
	const platforms = locked.os ?? [];
	return locked.optional === true && platforms.length > 0 && locked.integrity === undefined;
}

/**
 * The licence of each package that the running product has.
 * @param {Record<string, Locked>} packages `packages` of the lockfile
 * @param {(path: string) => string | null} licenceAt what the installed package says itself; null = not installed
 * @returns {Judgement}
 */
export function judgeLicences(packages, licenceAt) {
	/** @type {Map<string, number>} */
	const counts = new Map();
	/** @type {string[]} */
	const findings = [];
	for (const [path, locked] of Object.entries(packages)) {
		if (path === '' || locked.dev === true || isElsewhere(locked)) continue;
		const licence = locked.license ?? licenceAt(path);
		if (licence !== null && isAllowed(licence)) counts.set(licence, (counts.get(licence) ?? 0) + 1);
		else findings.push(`${nameOf(path)} ${locked.version ?? ''}: licence ${licence ?? 'unknown'} is not on the list.`);
	}
	const most = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
	const line = `licences at run time: ${most.map(([licence, count]) => `${licence} ${count}`).join(', ')}`;
	return { line, findings };
}

/**
 * An SPDX expression of OR and AND, without the rarer WITH: one branch of each OR, every part of each AND.
 * @param {string} licence
 */
export function isAllowed(licence) {
	const plain = licence.replaceAll(/[()]/g, ' ').trim();
	return plain
		.split(/\s+OR\s+/)
		.some((branch) => branch.split(/\s+AND\s+/).every((part) => ALLOWED_LICENCES.includes(part.trim())));
}

/**
 * Licence that an installed package states: in package.json, whose older forms are an object or a list, or where that
 * is silent in the title of its licence file.
 * @param {{ license?: unknown, licenses?: unknown }} packageJson
 * @param {string | null} licenceFile its text; null = there is none
 * @returns {string | null}
 */
export function licenceIn({ license, licenses }, licenceFile) {
	const stated = license ?? licenses;
	const list = Array.isArray(stated) ? stated : [stated];
	const names = list.map((one) => (typeof one === 'object' && one !== null ? one.type : one));
	const texts = names.filter((name) => typeof name === 'string' && name !== '');
	if (texts.length > 0) return texts.join(' OR ');
	return /^(The )?MIT License\b/i.test(licenceFile?.trimStart() ?? '') ? 'MIT' : null;
}

/**
 * The answer of `npm audit --json`: advisories at `least` or worse are findings. `isAsked` false: there was nobody to
 * ask, which is neither good nor bad.
 * @param {string} output stdout of npm
 * @param {string} least one of SEVERITIES
 * @returns {Judgement & { isAsked: boolean }}
 */
export function judgeAudit(output, least) {
	const report = parsed(output);
	if (report === null) return notAsked('npm did not answer in JSON');
	if (report.auditReportVersion !== 2 || typeof report.vulnerabilities !== 'object') {
		return notAsked(reasonOf(report));
	}
	/** @type {{ name: string, severity: string, range?: string, via?: unknown[] }[]} */
	const vulnerable = Object.values(report.vulnerabilities);
	const bad = vulnerable.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least));
	const lesser = vulnerable.length - bad.length;
	const total = report.metadata?.dependencies?.total;
	const asked = typeof total === 'number' ? `${total} packages asked` : 'asked';
	return {
		isAsked: true,
		line: `${asked}: ${bad.length} with advisories at ${least} or worse, ${lesser} below`,
		findings: bad.map(({ name, severity, range, via }) => `${name} ${range ?? ''} (${severity}): ${titleOf(via)}`)
	};
}

/** @param {string} output */
function parsed(output) {
	try {
		const value = JSON.parse(output);
		return typeof value === 'object' && value !== null ? value : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

/** @param {string} reason */
function notAsked(reason) {
	return { isAsked: false, line: `advisories could not be asked: ${reason}`, findings: [] };
}

/**
 * npm's own words, without the address, which may carry a name and a password.
 * @param {{ statusCode?: unknown, message?: unknown, error?: { summary?: unknown } }} report
 */
function reasonOf({ statusCode, message, error }) {
	if (typeof statusCode === 'number') return `the registry answers ${statusCode} to the question`;
	const words = typeof message === 'string' && message !== '' ? message : error?.summary;
	const cause = typeof words === 'string' ? words.split('reason:').at(-1)?.trim() : undefined;
	return cause ? cause.replaceAll(/\bhttps?:\/\/\S+/g, 'the registry') : 'npm gave no reason';
}

/** @param {unknown[] | undefined} via advisories, or names of packages through which it is reached */
function titleOf(via) {
	const titles = (via ?? []).map((one) =>
		typeof one === 'object' && one !== null && 'title' in one
			? `${one.title}${'url' in one ? ` ${one.url}` : ''}`
			: `through ${one}`
	);
	return titles.join('; ');
}

/** @param {string} path `node_modules/a/node_modules/@b/c` */
const nameOf = (path) => path.split('node_modules/').at(-1) ?? path;
