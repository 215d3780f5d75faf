import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** An escape that only a test may take: there a wrong guess fails the test, elsewhere it fails a wall. */
const TESTS = ['**/*.test.ts', 'test/**'];

export default defineConfig(
	globalIgnores([
		'build/',
		'.svelte-kit/',
		'src/lib/paraglide/',
		'.data/',
		'static/',
		'db/migrations/',
		'test-results/',
		'playwright-report/'
	]),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	js.configs.recommended,
	ts.configs.strict,
	ts.configs.stylistic,
	svelte.configs.recommended,
	{
		rules: {
			// The compiler finds undefined names, with types.
			'no-undef': 'off',
			'no-console': 'error',
			'no-empty': ['error', { allowEmptyCatch: false }],
			eqeqeq: 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-non-null-assertion': 'error',
			// `type` and `interface` say the same here; the shape of the thing decides.
			'@typescript-eslint/consistent-type-definitions': 'off',
			'@typescript-eslint/consistent-indexed-object-style': 'off',
			// Columns are walked by slot.
			'@typescript-eslint/prefer-for-of': 'off',
			// An empty function is an answer; an empty catch is not, and has its own rule above.
			'@typescript-eslint/no-empty-function': 'off',
			// Taking a field out of a rest is how it is left out.
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true }
			],
			'no-restricted-syntax': [
				'error',
				{
					selector:
						"CallExpression[callee.property.name='catch'] > ArrowFunctionExpression[body.type='BlockStatement'][body.body.length=0]",
					message: 'An error swallowed without a word: handle it, or let it go up.'
				}
			]
		}
	},
	{
		// The rules that need types and pay for it: a promise nobody waits for, a case nobody wrote.
		files: ['{src,server,db,test}/**/*.ts'],
		languageOptions: { parserOptions: { projectService: true } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/only-throw-error': 'error'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			globals: globals.browser,
			parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig }
		}
	},
	{
		files: ['server/cli/**', 'scripts/**', 'test/bench/**'],
		rules: { 'no-console': 'off' }
	},
	{
		files: TESTS,
		rules: { '@typescript-eslint/no-non-null-assertion': 'off' }
	}
);
