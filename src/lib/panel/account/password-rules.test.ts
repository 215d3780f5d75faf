import { expect, it } from 'vitest';
import { passwordRules } from './password-rules.ts';

const met = (password: string) =>
	passwordRules(password, 'li.na')
		.filter(({ isMet }) => isMet)
		.map(({ id }) => id);

it('ticks the rules of a password off while somebody types', () => {
	expect(met('')).toEqual([]);
	expect(met('short')).toEqual(['name', 'common']);
	expect(met('Aa1!Aa2?xy')).toEqual(['length', 'name', 'common']);
	expect(met('three quiet herons')).toEqual(['length', 'name', 'common']);
	expect(met('li.na three quiet herons')).toEqual(['length', 'common']);
	expect(met('123456789012')).toEqual(['length', 'name']);
});
