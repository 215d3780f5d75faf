import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAllowed, judgeAudit, judgeLicences, judgeLock, licenceIn } from './dependencies.mjs';

const sample = (name: string) => readFileSync(new URL(`audit-samples/${name}.json`, import.meta.url), 'utf8');
const HASH = 'sha512-iuyGF2E4oafQfPsRrG2wtY2ILupMhvtdrhzrxB+0VcjsPpSPttpfYdjnGFGsTi5MaJFjI1jOKHPQ6UTbTj9TAw==';

describe('[WE8] the advisories of the registry', () => {
	test('none known is good, and says how many packages were asked', () => {
		expect(judgeAudit(sample('good'), 'high')).toEqual({
			isAsked: true,
			line: '656 packages asked: 0 with advisories at high or worse, 0 below',
			findings: []
		});
	});

	test('a finding at the level or worse is told with its title, and how it is reached', () => {
		expect(judgeAudit(sample('finding'), 'high')).toEqual({
			isAsked: true,
			line: '656 packages asked: 2 with advisories at high or worse, 1 below',
			findings: [
				'engine.io 0.7.8 - 0.7.9 || 6.0.0 - 6.5.4 (high): through ws',
				'ws 8.0.0 - 8.17.0 (high): ws affected by a DoS when handling a request with many HTTP headers ' +
					'https://github.com/advisories/GHSA-3h5v-q93c-6h6q'
			]
		});
	});

	test.each([
		['low', 3],
		['moderate', 2],
		['critical', 0]
	])('at %s the same report has %i findings', (level, count) => {
		expect(judgeAudit(sample('finding'), level).findings).toHaveLength(count);
	});

	test('a registry without advisories is neither good nor bad, and its password stays unsaid', () => {
		const { isAsked, line, findings } = judgeAudit(sample('no-advisories'), 'high');
		expect({ isAsked, findings }).toEqual({ isAsked: false, findings: [] });
		expect(line).toBe('advisories could not be asked: the registry answers 405 to the question');
	});

	test('neither is a machine without a network', () => {
		expect(judgeAudit(sample('offline'), 'high')).toEqual({
			isAsked: false,
			line: 'advisories could not be asked: getaddrinfo EAI_AGAIN registry.example.org',
			findings: []
		});
	});

	test.each(['', 'npm error code E500', 'null', '{}', '{"auditReportVersion":1,"advisories":{}}'])(
		'what is no report is not taken for a good one: %j',
		(output) => {
			expect(judgeAudit(output, 'high')).toMatchObject({ isAsked: false, findings: [] });
		}
	);
});

describe('[WE8] the lockfile', () => {
	test('a hash for each, and builds for other platforms counted apart', () => {
		const packages = {
			'': { version: '0.1.0' },
			'node_modules/pino': { version: '10.4.0', integrity: HASH },
			'node_modules/@a/b-darwin': { version: '1.0.0', optional: true, os: ['darwin'] }
		};
		expect(judgeLock(packages)).toEqual({
			line: '2 packages locked: 1 with a hash, 1 optional builds for other platforms without',
			findings: []
		});
	});

	test.each([
		['no hash', { version: '1.0.0' }, 'no sha512 hash'],
		['a weak hash', { version: '1.0.0', integrity: 'sha1-abc' }, 'no sha512 hash'],
		['an optional package without a platform', { version: '1.0.0', optional: true }, 'no sha512 hash'],
		[
			'an address',
			{ version: '1.0.0', integrity: HASH, resolved: 'https://r.example/x.tgz' },
			'one registry is written'
		],
		['a link', { resolved: '../x', link: true }, 'is a link']
	])('%s is a finding', (_, locked, words) => {
		expect(judgeLock({ 'node_modules/x': locked }).findings.join()).toContain(words);
	});
});

describe('[WE8] licences at run time', () => {
	const none = () => null;

	test('are counted, the most first; what only develops is not asked', () => {
		const packages = {
			'node_modules/a': { version: '1.0.0', license: 'ISC' },
			'node_modules/b': { version: '1.0.0', license: 'MIT' },
			'node_modules/c': { version: '1.0.0' },
			'node_modules/d': { version: '1.0.0', license: 'GPL-3.0', dev: true },
			'node_modules/e-darwin': { version: '1.0.0', optional: true, os: ['darwin'] }
		};
		const licenceAt = (path: string) => (path === 'node_modules/c' ? 'MIT' : null);
		expect(judgeLicences(packages, licenceAt)).toEqual({ line: 'licences at run time: MIT 2, ISC 1', findings: [] });
	});

	test('one that is not on the list, or unknown, is a finding', () => {
		const packages = {
			'node_modules/a': { version: '1.0.0', license: 'AGPL-3.0' },
			'node_modules/x/node_modules/b': { version: '2.0.0' }
		};
		expect(judgeLicences(packages, none).findings).toEqual([
			'a 1.0.0: licence AGPL-3.0 is not on the list.',
			'b 2.0.0: licence unknown is not on the list.'
		]);
	});

	test.each([
		['(MIT OR GPL-2.0)', true],
		['MIT AND ISC', true],
		['MIT AND GPL-2.0', false],
		['GPL-2.0 OR AGPL-3.0', false],
		['Apache-2.0 WITH LLVM-exception', false],
		['', false]
	])('%s: allowed is %s', (licence, allowed) => {
		expect(isAllowed(licence)).toBe(allowed);
	});

	test.each([
		[{ license: 'MIT' }, null, 'MIT'],
		[{ license: { type: 'ISC' } }, null, 'ISC'],
		[{ licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, null, 'MIT OR Apache-2.0'],
		[{}, 'MIT License\n\nCopyright (c) 2022', 'MIT'],
		[{}, 'The MIT License (MIT)\n', 'MIT'],
		[{}, 'You may MIT License this never', null],
		[{}, null, null]
	])('%j with the licence file %j says %s', (packageJson, file, licence) => {
		expect(licenceIn(packageJson, file)).toBe(licence);
	});
});
