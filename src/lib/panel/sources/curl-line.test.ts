import { expect, test } from 'vitest';
import { curlLine } from './curl-line.ts';

test('the line to try a key with is one command with the key and the station in it', () => {
	const line = curlLine('https://ops.example.org', 'yz_secret', 'WX-1');
	expect(line).toMatch(/^curl -X POST https:\/\/ops\.example\.org\/api\/events -H "Authorization: Bearer yz_secret" /);
	expect(line).toContain('-H "ce-subject: WX-1"');
	expect(line).not.toContain('\n');
	expect(curlLine('https://a', 'k', null)).toContain('ce-subject: CODE');
});
