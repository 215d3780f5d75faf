import { expect, test } from 'vitest';
import { tileOrigins } from './tile-origins.ts';

test('[WE2] every subdomain of every source is an origin, each once', () => {
	const tianditu = {
		url: 'https://{s}.tianditu.gov.cn/img_w/wmts?TILEROW={y}&TILECOL={x}&TILEMATRIX={z}',
		subdomains: ['t0', 't1']
	};
	const own = { url: 'http://10.1.2.3:8080/{z}/{x}/{y}.png', subdomains: [] };
	expect(tileOrigins([tianditu, { ...tianditu, subdomains: ['t1', 't2'] }, own])).toEqual([
		'https://t0.tianditu.gov.cn',
		'https://t1.tianditu.gov.cn',
		'https://t2.tianditu.gov.cn',
		'http://10.1.2.3:8080'
	]);
});

test('no source, no origin', () => {
	expect(tileOrigins([])).toEqual([]);
});
