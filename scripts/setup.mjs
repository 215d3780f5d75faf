// What every command of this repository needs before its own work: packages, the server's programs, the build.
// Runs on Node 20 with nothing installed, so it uses Node's own modules only. Every step looks first and
// acts only where something is missing: a second call costs a few hundredths of a second.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { ensureDebianPackages, redisServer } from './debian.mjs';
import { messagesAreCompiled } from './messages.mjs';
import { node24, root, runQuietly, SetupError } from './run.mjs';

/** The environment for npm itself: its `node` must not be the one that `npm ci` is about to delete. */
function systemEnv() {
	const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
	return { ...process.env, PATH: path.join(delimiter) };
}

/**
 * What is installed is what the lockfile says. npm keeps its own record of the installed tree, written when an
 * install has ended; comparing the two needs no stamp and holds after a developer's own `npm install` too.
 */
function packagesAreInstalled() {
	const installedFile = join(root, 'node_modules/.package-lock.json');
	if (!existsSync(installedFile)) return false;
	const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
	const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
	return Object.keys(locked).every((path) => {
		if (path === '') return true;
		const there = installed[path];
		if (there === undefined) return locked[path].optional === true;
		return there.version === locked[path].version && there.integrity === locked[path].integrity;
	});
}

/** @returns {boolean} */
function node24Runs() {
	return existsSync(node24) && spawnSync(node24, ['--version']).status === 0;
}

// `npm ci` starts from an empty folder, so an install that was cut short leaves nothing behind. Newer npm versions
// refuse a lockfile that does not list the builds of a package for every other platform, which happens where it was
// written against a registry that lacks some of them; `npm install` takes the same locked versions without that.
const NPM_INSTALL = `
npm ci --include=dev --loglevel=error --no-progress ||
{ rm -rf node_modules; npm install --no-save --include=dev --loglevel=error --no-progress; }
`;

// The package `node` puts its program in place with an install script. Where npm did not run it (scripts switched
// off, as newer npm versions may), this does by hand what npm would have done.
const NODE_INSTALL = `
cd node_modules/node && node installArchSpecificPackage.js && ln -sf ../node/bin/node ../.bin/node
`;

/** Installs the packages of the lockfile, Node 24 among them, unless they are there. */
export async function ensurePackages() {
	if (!packagesAreInstalled()) {
		await runQuietly('installing npm packages from the lockfile', 'sh', ['-c', NPM_INSTALL], systemEnv());
		if (!packagesAreInstalled()) {
			throw new SetupError(
				'npm installed other packages than package-lock.json says; run `npm install` and commit it.'
			);
		}
	}
	if (node24Runs()) return;
	await runQuietly('installing Node 24', 'sh', ['-c', NODE_INSTALL], systemEnv());
	if (!node24Runs())
		throw new SetupError('Node 24 does not run from node_modules/node; delete node_modules and try again.');
}

/** Compiles the words of the pages (messages/) unless they are: types, tests and pages read the compiled ones. */
export async function ensureMessages() {
	if (messagesAreCompiled()) return;
	await runQuietly('compiling the words of the pages', node24, [join(root, 'scripts/compile-messages.mjs')]);
}

/** What the browser's build is made of; tests are not part of it. */
const BUILD_SOURCES = [
	'src',
	'messages',
	'project.inlang/settings.json',
	'static',
	'svelte.config.js',
	'vite.config.ts',
	'scripts/messages.mjs',
	'package.json',
	'package-lock.json'
];
/** Made from the sources, not one of them. */
const COMPILED = 'src/lib/paraglide';
const BUILD_STAMP = join(root, 'build/build-id');

/** @returns {string} a name that changes exactly when the sources of the build change: 16 hex digits */
function sourcesId() {
	const hash = createHash('sha256');
	/** @param {string} path */
	const add = (path) => {
		if (!existsSync(path) || relative(root, path) === COMPILED) return;
		if (statSync(path).isDirectory()) {
			for (const name of readdirSync(path).sort()) add(join(path, name));
		} else if (!path.endsWith('.test.ts')) {
			hash
				.update(`${relative(root, path)}\0`)
				.update(readFileSync(path))
				.update('\0');
		}
	};
	for (const source of BUILD_SOURCES) add(join(root, source));
	return hash.digest('hex').slice(0, 16);
}

/**
 * Builds the pages when the build was made from other sources than these. Compared by content: a fresh checkout
 * has new times on every file, and an undone edit needs no build.
 */
export async function ensureBuild() {
	await ensureMessages();
	const id = sourcesId();
	if (existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === id) return;
	const vite = join(root, 'node_modules/vite/bin/vite.js');
	// `NODE_ENV=production` whatever the caller's shell says: a development build is several times slower.
	const env = { ...process.env, NODE_ENV: 'production', YIZHAN_BUILD: id };
	await runQuietly('building the pages', node24, [vite, 'build', '--logLevel', 'warn'], env);
	writeFileSync(BUILD_STAMP, id);
}

/** The embedded Redis needs its program; a Redis named by the environment does not. */
export async function ensureServerPrograms() {
	if (process.env['REDIS_URL']) return;
	await ensureDebianPackages([redisServer]);
}
