/** `GET /api/registry/export?format=csv|xlsx|geojson&scope=`: the registry as a file that the import reads. */
import { inScope, parseScope, type Scope } from '#domain/scope.ts';
import { dateText } from '#domain/shanghai.ts';
import { ableInScope } from '#server/access/rule.ts';
import { sendProblem, type Routes } from '#server/http/route.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#server/registry/export.ts';
import type { RegisteredSite } from '#server/registry/site-fields.ts';
import type { Registry } from './protocol.ts';
import { sendFile } from './routes.ts';
import { startWorkThread } from './work-thread.ts';

export interface ExportOptions {
	readonly load: () => Promise<Registry>;
	readonly now: () => number;
}

/** Each takes a second or two; whoever stood further back would take the page for broken. */
const MAX_WAITING = 10;
const RETRY_SECONDS = 10;
const GONE = new Uint8Array(0);

const TYPES: Readonly<Record<ExportFormat, string>> = {
	csv: 'text/csv; charset=utf-8',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	geojson: 'application/geo+json; charset=utf-8'
};

export function exportRoutes({ load, now }: ExportOptions): Routes {
	// One after another: each holds the whole registry twice.
	let last: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	const make = async (scope: Scope, format: ExportFormat): Promise<Uint8Array | null> => {
		const registry = await load();
		const sites = registry.sites.filter((site) => isIn(scope, site));
		if (sites.length === 0 && scope.level !== 'city') return null;
		const thread = startWorkThread();
		try {
			return await thread.run('export', { registry: { ...registry, sites }, format });
		} finally {
			await thread.close();
		}
	};
	return new Map([
		[
			'GET /api/registry/export',
			{
				rule: ableInScope('export', 'read'),
				answer: async (_, response, url) => {
					const format = EXPORT_FORMATS.find((known) => known === (url.searchParams.get('format') ?? 'xlsx'));
					const scope = parseScope(url.searchParams.get('scope') ?? 'city');
					if (format === undefined || scope === null)
						return sendProblem(
							response,
							400,
							'bad_query',
							`Use format= one of ${EXPORT_FORMATS.join(', ')}, and scope=city, district:CODE, street:CODE or station:CODE.`
						);
					if (waiting >= MAX_WAITING) {
						response.setHeader('retry-after', RETRY_SECONDS);
						return sendProblem(response, 503, 'busy', 'Many exports are being made. Wait a moment, then try again.');
					}
					waiting++;
					// Nothing is made for somebody who has gone.
					const made = last.then(() => (response.destroyed ? GONE : make(scope, format))).finally(() => waiting--);
					// The failure is this request's; the next one only waits for its end.
					last = made.catch(() => undefined);
					const bytes = await made;
					if (bytes === GONE) return;
					if (bytes === null)
						return sendProblem(response, 404, 'unknown_scope', 'Nothing of the registry lies in this scope.');
					sendFile(response, TYPES[format], `驿站名册-${dateText(now())}.${format}`, bytes);
				}
			}
		]
	]);
}

function isIn(scope: Scope, { code, districtCode, streetCode }: RegisteredSite): boolean {
	return inScope(scope, { code, district: districtCode, street: streetCode });
}
