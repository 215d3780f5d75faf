/** `GET /api/registry/export?format=csv|xlsx|geojson&scope=`: the registry as a file that the import reads. */
import type { ServerResponse } from 'node:http';
import { decide } from '#domain/permission.ts';
import { formatScope, inScope, parseScope, type Places, type Scope } from '#domain/scope.ts';
import { SHANGHAI_OFFSET_MS } from '#domain/shanghai.ts';
import type { Audit } from '#server/access/audit.ts';
import { actorOf, type Caller } from '#server/access/caller.ts';
import { ableInScope } from '#server/access/rule.ts';
import { sendProblem, type Routes } from '#server/http/route.ts';
import type { ExportTerms } from '#server/registry/export-columns.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#server/registry/export.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import type { Registry } from './protocol.ts';
import { sendFile } from './routes.ts';
import { startWorkThread } from './work-thread.ts';

export interface ExportOptions {
	readonly load: () => Promise<Registry>;
	readonly now: () => number;
	readonly places: Places;
	readonly audit: Audit;
}

/** Each takes a second or two; whoever stood further back would take the page for broken. */
const MAX_WAITING = 10;
const RETRY_SECONDS = 10;
const NAME = 'GET /api/registry/export';

interface Asked {
	readonly scope: Scope;
	readonly format: ExportFormat;
	readonly terms: ExportTerms;
}

interface Made {
	readonly bytes: Uint8Array;
	readonly rows: number;
}

const TYPES: Readonly<Record<ExportFormat, string>> = {
	csv: 'text/csv; charset=utf-8',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	geojson: 'application/geo+json; charset=utf-8'
};

/** For who may take stations out of the house and read them, there [PE23]. */
export function exportRoutes(options: ExportOptions): Routes {
	const { places, audit } = options;
	// One after another: each holds the whole registry twice.
	let last: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	const answer = async (response: ServerResponse, url: URL, caller: Caller): Promise<void> => {
		const format = EXPORT_FORMATS.find((known) => known === (url.searchParams.get('format') ?? 'xlsx'));
		const scope = parseScope(url.searchParams.get('scope') ?? 'city');
		if (format === undefined || scope === null) {
			const message = `Use format= one of ${EXPORT_FORMATS.join(', ')}, and scope=city, district:CODE, street:CODE or station:CODE.`;
			return sendProblem(response, 400, 'bad_query', message);
		}
		if (!decide(caller.grants, { object: 'station', right: 'read', scope }, places).isAllowed) {
			const detail = { code: 'no_stations' };
			audit.refused({
				actor: actorOf(caller),
				action: 'door.refused',
				object: NAME,
				scope: formatScope(scope),
				detail
			});
			return sendProblem(response, 403, 'no_stations', 'Your roles may export, but not the stations of this scope.');
		}
		if (waiting >= MAX_WAITING) {
			response.setHeader('retry-after', RETRY_SECONDS);
			return sendProblem(response, 503, 'busy', 'Many exports are being made. Wait a moment, then try again.');
		}
		waiting++;
		const asked = { scope, format, terms: termsOf(caller, scope, options) };
		// Nothing is made for somebody who has gone.
		const made = last
			.then(async () => (response.destroyed ? ('gone' as const) : make(options, asked)))
			.finally(() => waiting--);
		// The failure is this request's; the next one only waits for its end.
		last = made.catch(() => undefined);
		const file = await made;
		if (file === 'gone') return;
		if (!file) return sendProblem(response, 404, 'unknown_scope', 'Nothing of the registry lies in this scope.');
		await sendMade(response, caller, asked, file, audit);
	};
	const rule = ableInScope('export', 'read');
	return new Map([[NAME, { rule, answer: (_, response, url, caller) => answer(response, url, caller) }]]);
}

function termsOf(caller: Caller, scope: Scope, { places, now }: ExportOptions): ExportTerms {
	const at = `${new Date(now() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
	return {
		hasContact: decide(caller.grants, { object: 'contact', right: 'read', scope }, places).isAllowed,
		mark: { user: actorOf(caller).name ?? '', at, scope: formatScope(scope) }
	};
}

/** Null where the scope has no site and is not the city. */
async function make({ load }: ExportOptions, { scope, format, terms }: Asked): Promise<Made | null> {
	const registry = await load();
	const sites = registry.sites.filter((site) => isIn(scope, site));
	if (sites.length === 0 && scope.level !== 'city') return null;
	const thread = startWorkThread();
	try {
		const bytes = await thread.run('export', { registry: { ...registry, sites }, format, terms });
		return { bytes, rows: sites.length };
	} finally {
		await thread.close();
	}
}

/** The record stands before the file leaves the house. */
async function sendMade(
	response: ServerResponse,
	caller: Caller,
	{ format, terms: { hasContact, mark } }: Asked,
	{ bytes, rows }: Made,
	audit: Audit
): Promise<void> {
	const detail = { format, rows, hasContact };
	await audit.record({
		...{ actor: actorOf(caller), action: 'export.made', object: NAME, scope: mark.scope, result: 'ok' },
		detail
	});
	const place = mark.scope.replace(':', '-');
	sendFile(response, TYPES[format], `驿站名册-${place}-${mark.user}-${mark.at.slice(0, 10)}.${format}`, bytes);
}

function isIn(scope: Scope, { code, districtCode, streetCode }: RegisteredSite): boolean {
	return inScope(scope, { code, district: districtCode, street: streetCode });
}
