import { describe, expect, test } from 'vitest';
import { FLOW_MS, FlowSeal } from './oidc-flow.ts';

const FLOW = { state: 's', nonce: 'n', verifier: 'v', next: '/wall', startedAt: 1000 };

describe('what a browser carries to the provider and back', () => {
	test('[PP13] opens for ten minutes, in every process with the same secret', () => {
		const sealed = new FlowSeal('secret').close(FLOW);
		expect(new FlowSeal('secret').open(sealed, 1000 + FLOW_MS - 1)).toEqual(FLOW);
		expect(new FlowSeal('secret').open(sealed, 1000 + FLOW_MS)).toBeNull();
		expect(new FlowSeal('other').open(sealed, 1000)).toBeNull();
	});

	test('[PP13] does not open when anything of it was changed', () => {
		const seal = new FlowSeal(null);
		const sealed = seal.close(FLOW);
		expect(seal.open(sealed, 1000)).toEqual(FLOW);
		for (let i = 0; i < sealed.length; i += 7) {
			const forged = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1);
			expect([i, seal.open(forged, 1000)]).toEqual([i, null]);
		}
		for (const none of [null, '', '.', 'x.y', sealed.split('.')[0]!]) expect(seal.open(none, 1000)).toBeNull();
	});
});
