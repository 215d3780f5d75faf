import { describe, expect, test } from 'vitest';
import { decodeCloudEvents, MAX_BATCH } from './cloudevents.ts';

const event = {
	specversion: '1.0',
	id: '1',
	source: 's',
	subject: 'S-1',
	type: 'station.heartbeat',
	time: '2026-06-01T08:00:00Z',
	data: {}
};
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const batch = { 'content-type': 'Application/CloudEvents-Batch+JSON' };

describe('decodeCloudEvents', () => {
	test('reads one structured event and a batch, whatever the case and parameters of the media type', () => {
		expect(decodeCloudEvents(structured, JSON.stringify(event))).toEqual({ ok: true, isSingle: true, events: [event] });
		expect(decodeCloudEvents(batch, JSON.stringify([event, 7]))).toEqual({
			ok: true,
			isSingle: false,
			events: [event, 7]
		});
		expect(decodeCloudEvents(batch, '[]')).toEqual({ ok: true, isSingle: false, events: [] });
	});

	test('reads the binary mode: attributes from headers, the body as data', () => {
		const headers = {
			'content-type': 'application/json',
			'ce-specversion': '1.0',
			'ce-id': 'a%20b%25',
			'ce-source': '%E9%A9%BF%E7%AB%99/1',
			'ce-subject': 'S-1',
			'ce-type': 'station.visited',
			'ce-time': '2026-06-01T08:00:00Z',
			'ce-sequence': '12'
		};
		expect(decodeCloudEvents(headers, '{"method":"qr"}')).toEqual({
			ok: true,
			isSingle: true,
			events: [
				{
					specversion: '1.0',
					id: 'a b%',
					source: '驿站/1',
					subject: 'S-1',
					type: 'station.visited',
					time: '2026-06-01T08:00:00Z',
					sequence: '12',
					data: { method: 'qr' }
				}
			]
		});
	});

	test('a header that is not percent-encoded stands for itself; an empty body is empty data', () => {
		const decoded = decodeCloudEvents({ 'ce-specversion': '1.0', 'ce-id': '100% sure', 'ce-__proto__': 'x' }, '');
		expect(decoded).toEqual({ ok: true, isSingle: true, events: [{ specversion: '1.0', id: '100% sure', data: {} }] });
	});

	test.each([
		['broken JSON', structured, '{', 400, 'malformed_json'],
		['a broken batch', batch, '[', 400, 'malformed_json'],
		['a batch that is no array', batch, '{}', 400, 'bad_batch'],
		['a batch that is too long', batch, `[${'1,'.repeat(MAX_BATCH)}1]`, 400, 'bad_batch'],
		['broken data in binary mode', { 'ce-specversion': '1.0' }, 'x', 400, 'malformed_json'],
		['plain JSON without a mode', { 'content-type': 'application/json' }, '{}', 415, 'unsupported_media_type'],
		['no media type', {}, '{}', 415, 'unsupported_media_type']
	])('refuses %s', (_, headers, body, status, code) => {
		const decoded = decodeCloudEvents(headers, body);
		expect(decoded).toMatchObject({ ok: false, status, code });
		expect(decoded.ok || decoded.message).toMatch(/^.{10,}$/s);
	});
});
