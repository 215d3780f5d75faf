import { describe, expect, test } from 'vitest';
import { withoutParameters } from './log.ts';

describe('a line of the log', () => {
	test('[WE4] tells which statement failed and not what was put into it', () => {
		const error =
			'Error: Failed query: select 1 where name = $1\nparams: secret one\nsecret two\n    at run (a.js:1:1)\n    at b (b.js:2:2)';
		expect(withoutParameters({ shard: 0, error })).toEqual({
			shard: 0,
			error: 'Error: Failed query: select 1 where name = $1\nparams: …\n    at run (a.js:1:1)\n    at b (b.js:2:2)'
		});
	});

	test('stays as it is where no statement failed', () => {
		expect(withoutParameters({ error: 'Error: away' })).toEqual({ error: 'Error: away' });
		expect(withoutParameters({ msg: 1 })).toEqual({ msg: 1 });
	});
});
