/**
 * The directions between the rooms: routes → panel → {ui, chart, map}; live → domain ← server → db.
 * Checked by `npm run check`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
	forbidden: [
		{
			name: 'no-cycles',
			comment: 'Two files that need each other are one file, or hide a third that both should need.',
			severity: 'error',
			from: {},
			to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
		},
		{
			name: 'domain-is-pure',
			comment:
				'The domain runs unchanged in the server, the browser, the tests and the replay: it may import itself, the ' +
				'schema library and the packer, and nothing that reads a clock, a file or a socket.',
			severity: 'error',
			from: { path: '^src/domain/', pathNot: '\\.test\\.ts$' },
			to: { pathNot: ['^src/domain/', '^node_modules/(typebox|msgpackr)/'] }
		},
		{
			name: 'schemas-stay-on-the-server',
			comment: 'A compiled schema needs `new Function`, which the content policy of our pages forbids.',
			severity: 'error',
			from: { path: '^src/(lib|routes)/' },
			to: { path: '^node_modules/typebox/' }
		},
		{
			name: 'panels-take-props',
			comment: 'A panel shows what it is given, live or replayed; one that reaches for the connection shows only live.',
			severity: 'error',
			from: { path: '^src/lib/(panel|ui|chart|map)/' },
			to: { path: ['^src/lib/live/', '^node_modules/socket\\.io-client/'] }
		},
		{
			name: 'ui-knows-no-stations',
			comment: "Buttons, dialogs and tables serve every page; what they show is told to them. The clock is everyone's.",
			severity: 'error',
			from: { path: '^src/lib/ui/' },
			to: { path: ['^src/domain/', '^src/lib/(panel|map|chart)/'], pathNot: '^src/domain/shanghai\\.ts$' }
		},
		{
			name: 'only-live-opens-sockets',
			comment: 'One place opens a connection, so one machine decides about retries, cursors and gaps.',
			severity: 'error',
			from: { path: '^src/', pathNot: '^src/lib/live/' },
			to: { path: '^node_modules/socket\\.io-client/' }
		},
		{
			name: 'only-map-imports-leaflet',
			comment: 'The map library can be replaced only while one room knows it; it also touches `window` when loaded.',
			severity: 'error',
			// The bench measures our layer against the library's own.
			from: { pathNot: ['^src/lib/map/', '^test/bench/map-circles\\.ts$'] },
			to: { path: '^node_modules/leaflet/' }
		},
		{
			name: 'only-chart-imports-echarts',
			comment: 'Chart options are pure functions of views; only their one attachment knows the library.',
			severity: 'error',
			from: { pathNot: '^src/lib/chart/' },
			to: { path: '^node_modules/echarts/' }
		},
		{
			name: 'server-has-no-pages',
			comment: 'The server runs as it is, without a bundler: nothing in it may need Svelte or the browser.',
			severity: 'error',
			from: { path: '^(server|db)/' },
			to: { path: '^src/(lib|routes)/' }
		},
		{
			name: 'pages-reach-services-through-locals',
			comment:
				'A page bundle that imports the server would carry a second copy of it. Pages get the running services from ' +
				'event.locals; types may be imported.',
			severity: 'error',
			from: { path: '^src/' },
			to: { path: '^(server|db)/', dependencyTypesNot: ['type-only'] }
		},
		{
			name: 'only-store-knows-the-database',
			comment:
				'Rows and SQL stay behind server/store; the composition root and the command line only open and close it. ' +
				'Every other room is tested without a database.',
			severity: 'error',
			from: {
				path: '^server/',
				pathNot: ['^server/(store|cli)/', '^server/(runtime|services|main)\\.ts$', '\\.test\\.ts$']
			},
			to: { path: ['^db/', '^node_modules/(drizzle-orm|pg|@electric-sql)/'] }
		},
		{
			name: 'db-stands-alone',
			comment: 'Tables and the client are the lowest floor; they know no business.',
			severity: 'error',
			from: { path: '^db/', pathNot: '\\.test\\.ts$' },
			to: { path: '^(server|src)/', dependencyTypesNot: ['type-only'] }
		},
		{
			name: 'product-without-tests',
			comment: 'What ships does not contain its tests or their servers.',
			severity: 'error',
			from: { path: '^(src|server|db|scripts)/', pathNot: '\\.test\\.ts$' },
			to: { path: ['^test/', '\\.test\\.ts$', '^node_modules/(vitest|fast-check|@playwright)/'] }
		},
		{
			name: 'everything-resolves',
			comment: 'An import that leads nowhere would also slip past every rule above.',
			severity: 'error',
			from: {},
			// `$app/*`, `$env/*` and `./$types` are made by SvelteKit; the last is a package of types alone.
			to: {
				couldNotResolve: true,
				pathNot: ['^\\$(app|env|service-worker)', '^\\./\\$types', '^topojson-specification$']
			}
		}
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(build|\\.svelte-kit|src/lib/paraglide)/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['svelte', 'import', 'node', 'default', 'types'],
			extensions: ['.ts', '.js', '.mjs', '.svelte', '.svelte.ts', '.json']
		}
	}
};
