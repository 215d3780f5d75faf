import { expect, it } from 'vitest';
import { agentText } from './agent-text.ts';

it('names browser and system as people do', () => {
	const chrome =
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
	expect(agentText(chrome)).toBe('Chrome · Windows');
	expect(agentText(`${chrome} Edg/140.0`)).toBe('Edge · Windows');
	expect(
		agentText(
			'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1'
		)
	).toBe('Safari · iOS');
	expect(agentText('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox · Linux');
});

it('says so when nothing is known', () => {
	expect(agentText('curl/8.5')).toBe('未知的浏览器');
});
