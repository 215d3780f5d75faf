import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { classesOf, passwordProblems } from './password.ts';

describe('the rules of passwords', () => {
	test('[PP1] take twelve characters of any kind, or ten of four kinds', () => {
		for (const good of [
			'lakewithfogs',
			'太湖的雾里有三只白鹭飞过',
			'Fog-3-lake',
			'Ab3!Ab4!Zx',
			'my own long words here'
		]) {
			expect([good, passwordProblems(good, 'li.na')]).toEqual([good, []]);
		}
		for (const [bad, problem] of [
			['Fog-3-lak', 'too_short'],
			['太湖的雾', 'too_short'],
			['fog-3-lakes', 'too_plain'],
			['FogThreeLak', 'too_plain'],
			['x y'.repeat(43), 'too_long']
		] as const) {
			expect([bad, passwordProblems(bad, 'li.na')[0]]).toEqual([bad, problem]);
		}
	});

	test('[PP1] count characters, not bytes or halves of them', () => {
		expect(passwordProblems('🐟🌫🌊🪷🏮🧧🎋🐉🐼🦢🚲🛶', 'li.na')).toEqual([]);
		expect(passwordProblems('🐟🌫🌊🪷🏮🧧', 'li.na')).toContain('too_short');
	});

	test('[PP1] refuse the user name in whatever case, except one that is in almost everything', () => {
		expect(passwordProblems('this is Li.Na herself', 'li.na')).toEqual(['has_user_name']);
		expect(passwordProblems('this is a longer text', 'a')).toEqual([]);
		expect(passwordProblems('this is a longer text', '')).toEqual([]);
	});

	test('[PP1] refuse what is tried first, also dressed up', () => {
		for (const common of [
			...['Password2026', 'P@ssw0rd2026!', 'Admin@123456', 'Wuxi@2026!!!', '2026GongHui!!', 'woaini520!!!!!'],
			...[
				'123456789012',
				'qwertyuiopas',
				'987654321098',
				'abcabcabcabc',
				'aaaaaaaaaaaa',
				'1qaz2wsx3edc4rfv',
				'Zonggonghui@2026'
			]
		]) {
			expect([common, passwordProblems(common, 'li.na')]).toEqual([common, ['too_common']]);
		}
	});

	test('[PP1] give every problem, the worst first, and never fail', () => {
		expect(passwordProblems('', 'li.na')).toEqual(['too_short', 'too_common']);
		expect(passwordProblems('admin', 'admin')).toEqual(['too_short', 'has_user_name', 'too_common']);
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.string(), (password, userName) => {
				const problems = passwordProblems(password, userName);
				return new Set(problems).size === problems.length;
			}),
			{ seed: 7 }
		);
	});

	test('[PP1] count four classes, of which signs and other scripts are one', () => {
		expect(['', 'a', 'aA', 'aA1', 'aA1!', '锡', 'a锡!'].map(classesOf)).toEqual([0, 1, 2, 3, 4, 1, 2]);
	});
});
