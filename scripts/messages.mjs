// The words of the pages: messages/*.json compiled into src/lib/paraglide, which no repository holds. The options stand
// here once: the bundler (vite.config.ts) and every command that runs without it (`ensureMessages` in setup.mjs) need the same output.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const PROJECT = join(root, 'project.inlang');
const WORDS = join(root, 'messages');
const OUT = join(root, 'src/lib/paraglide');
const STAMP = join(OUT, 'compiled-from');

/** @satisfies {import('@inlang/paraglide-js').CompilerOptions} */
export const messageOptions = {
	project: PROJECT,
	outdir: OUT,
	// Chinese first: the language of the browser is not asked, a kiosk's is whatever its image came with.
	strategy: ['cookie', 'baseLocale'],
	cookieName: 'yizhan-language',
	// One module per message, so that a page carries the words it shows and no others.
	outputStructure: 'message-modules',
	emitTsDeclarations: true,
	emitReadme: false,
	// Files that did not change stay: another process may be reading them.
	cleanOutdir: false
};

/** @returns {string} changes exactly when the compiled words would */
function wordsId() {
	const hash = createHash('sha256');
	const files = readdirSync(WORDS)
		.sort()
		.map((name) => join(WORDS, name));
	const compiler = join(root, 'node_modules/@inlang/paraglide-js/package.json');
	for (const file of [...files, join(PROJECT, 'settings.json'), join(root, 'scripts/messages.mjs'), compiler]) {
		hash.update(file).update('\0').update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
}

/** @returns {boolean} false when the words were compiled from others than these, or never */
export function messagesAreCompiled() {
	return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wordsId();
}

/** Compiles the words. Needs the packages; fetches nothing: the plugin that reads the files is one of them. */
export async function compileMessages() {
	const id = wordsId();
	const { compile } = await import('@inlang/paraglide-js');
	await compile(messageOptions);
	writeFileSync(STAMP, id);
}
