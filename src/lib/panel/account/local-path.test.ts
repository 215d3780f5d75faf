import { expect, it } from 'vitest';
import { localPath } from './local-path.ts';

it('takes paths of this site, with what belongs to them', () => {
	expect(localPath('/districts/320205?range=7d#table')).toBe('/districts/320205?range=7d#table');
	expect(localPath('/')).toBe('/');
});

it('leads nowhere else, however it is written', () => {
	const foreign = [
		'//evil.example',
		'/\\evil.example',
		'/\t/evil.example',
		'/.//evil.example',
		'https://evil.example/',
		'javascript:alert(1)',
		'evil.example',
		'',
		null
	];
	expect(foreign.map(localPath)).toEqual(foreign.map(() => null));
});

it('does not lead back to where it came from', () => {
	expect(['/sign-in', '/sign-in?next=/wall', '/link/abc', '/api/session/end'].map(localPath)).toEqual([
		null,
		null,
		null,
		null
	]);
	expect(localPath('/sign-ins')).toBe('/sign-ins');
});
