/**
 * `GET /api/equipment`: devices and supplies of a scope as they are now — how many of each kind work, and which need
 * somebody. Read from live state, so it is as old as the newest report of each.
 */
import { inScope, formatScope, parseScope, type Scope } from '#domain/scope.ts';
import { dateText, DAY_MS } from '#domain/shanghai.ts';
import type { Site } from '#domain/site.ts';
import type { DeviceState, LiveState, SupplyState } from '#domain/state.ts';
import { ableInScope } from '#server/access/rule.ts';
import { sendJson, sendProblem, type Routes } from '#server/http/route.ts';

/** Records of one answer: beyond, their number is told. */
const MOST_RECORDS = 500;
/** A supply that is about to expire is replaced with the weekly round. */
const EXPIRING_DAYS = 7;

export type SupplyProblem = 'expired' | 'empty' | 'expiring';

interface AtSite {
	readonly code: string;
	readonly name: string;
	readonly district: string | null;
	readonly street: string | null;
}

export interface Equipment {
	readonly scope: string;
	readonly asOf: string;
	/** sites in service of the scope that ever reported a device, and a supply item */
	readonly sitesWithDevices: number;
	readonly sitesWithSupplies: number;
	readonly deviceKinds: readonly { kind: string; online: number; offline: number; fault: number }[];
	/** not online, the longest first */
	readonly devices: readonly (AtSite & Pick<DeviceState, 'device' | 'kind' | 'state' | 'reason'> & { at: string })[];
	readonly devicesInNeed: number;
	/** expired, empty, then those that expire within a week */
	readonly supplies: readonly (AtSite &
		Pick<SupplyState, 'item' | 'quantity' | 'expiresOn'> & { problem: SupplyProblem; at: string })[];
	readonly suppliesInNeed: number;
	readonly supplyItems: number;
}

type Source = Pick<LiveState, 'sites' | 'devices' | 'supplies'>;

/** Null where nothing of the registry lies in the scope. */
export function equipmentOf(state: Source, scope: Scope, nowMs: number): Equipment | null {
	const sites = state.sites.filter((site): site is Site => site !== undefined && inScope(scope, site));
	if (sites.length === 0 && scope.level !== 'city') return null;
	const inService = sites.filter(({ lifecycle }) => lifecycle === 'open');
	const devices = inService.flatMap((site) => recordsOf(state.devices, site));
	const supplies = inService.flatMap((site) => recordsOf(state.supplies, site));
	const broken = devices.filter(({ record }) => record.state !== 'online').sort((a, b) => a.record.at - b.record.at);
	const short = supplies
		.flatMap((one) => {
			const problem = problemOf(one.record, nowMs);
			return problem ? [{ ...one, problem }] : [];
		})
		.sort((a, b) => ORDER[a.problem] - ORDER[b.problem] || a.record.at - b.record.at);
	return {
		scope: formatScope(scope),
		asOf: new Date(nowMs).toISOString(),
		sitesWithDevices: new Set(devices.map(({ site }) => site.slot)).size,
		sitesWithSupplies: new Set(supplies.map(({ site }) => site.slot)).size,
		deviceKinds: countKinds(devices.map(({ record }) => record)),
		devices: broken.slice(0, MOST_RECORDS).map(({ site, record }) => ({
			...placeOf(site),
			device: record.device,
			kind: record.kind,
			state: record.state,
			reason: record.reason,
			at: new Date(record.at).toISOString()
		})),
		devicesInNeed: broken.length,
		supplies: short.slice(0, MOST_RECORDS).map(({ site, record, problem }) => ({
			...placeOf(site),
			item: record.item,
			quantity: record.quantity,
			expiresOn: record.expiresOn,
			problem,
			at: new Date(record.at).toISOString()
		})),
		suppliesInNeed: short.length,
		supplyItems: supplies.length
	};
}

const ORDER: Record<SupplyProblem, number> = { expired: 0, empty: 1, expiring: 2 };

function problemOf({ quantity, expiresOn }: SupplyState, nowMs: number): SupplyProblem | null {
	// What is gone cannot be past its date.
	if (quantity === 0) return 'empty';
	if (expiresOn === null) return null;
	if (expiresOn < dateText(nowMs)) return 'expired';
	return expiresOn <= dateText(nowMs + EXPIRING_DAYS * DAY_MS) ? 'expiring' : null;
}

function recordsOf<R>(records: ReadonlyMap<number, ReadonlyMap<string, R>>, site: Site): { site: Site; record: R }[] {
	return [...(records.get(site.slot)?.values() ?? [])].map((record) => ({ site, record }));
}

const placeOf = ({ code, name, district, street }: Site): AtSite => ({ code, name, district, street });

function countKinds(devices: readonly DeviceState[]): Equipment['deviceKinds'] {
	const kinds = new Map<string, { kind: string; online: number; offline: number; fault: number }>();
	for (const { kind, state } of devices) {
		const counts = kinds.get(kind) ?? { kind, online: 0, offline: 0, fault: 0 };
		counts[state]++;
		kinds.set(kind, counts);
	}
	return [...kinds.values()].sort(
		(a, b) => b.offline + b.fault - (a.offline + a.fault) || a.kind.localeCompare(b.kind)
	);
}

/** `?scope=` city when absent. */
export function equipmentRoutes({ state, now }: { readonly state: () => Source; readonly now: () => number }): Routes {
	return new Map([
		[
			'GET /api/equipment',
			{
				// Devices and supplies by their station: records, not sums.
				rule: ableInScope('station', 'read'),
				answer: (_, response, url) => {
					const scope = parseScope(url.searchParams.get('scope') ?? 'city');
					if (!scope) {
						const message = 'Use scope=city, district:CODE, street:CODE or station:CODE.';
						return sendProblem(response, 400, 'bad_query', message);
					}
					const equipment = equipmentOf(state(), scope, now());
					if (equipment) sendJson(response, 200, equipment);
					else sendProblem(response, 404, 'unknown_scope', 'Nothing of the registry lies in this scope.');
				}
			}
		]
	]);
}
