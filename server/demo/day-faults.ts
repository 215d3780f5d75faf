/** What breaks: devices, mains, the gateway of a street. Each is drawn per site (or street) and day. */
import type { StationEvent } from '#domain/event.ts';
import { dayStart } from '#domain/shanghai.ts';
import { includes, reportTimes, type Span } from './day-doors.ts';
import { hashOf, seededRandom, unitAt, type Random } from './random.ts';
import { eventOf, type SimDevice, type SiteModel } from './sim-site.ts';

const MINUTE_MS = 60_000;
/** Chances per day, estimated: about two dead gateways, one power cut and a dozen device outages in the whole city. */
const GATEWAY_DEAD = 0.04;
const POWER_CUT = 0.012;
const DEVICE_OFFLINE = 0.03;
/** Share of devices that wait for repair, in spells of five days. */
const DEVICE_FAULT = 0.015;
const FAULT_SPELL_DAYS = 5;
const GATEWAY_DEAD_MS = 20 * MINUTE_MS;

/** Kinds whose failure would also silence readings; they fail only with their gateway. */
const STEADY: ReadonlySet<string> = new Set(['gateway', 'people', 'temperature', 'humidity', 'co2']);

/** The 20 minutes of this day in which a gateway is dead; null on most days. */
export function deadSpan(gateway: string, day: number): Span | null {
	const random = seededRandom(gateway, day, 'dead');
	if (!random.chance(GATEWAY_DEAD)) return null;
	const from = dayStart(day) + random.integer(570, 1250) * MINUTE_MS;
	return { from, to: from + GATEWAY_DEAD_MS };
}

export interface FaultDay {
	readonly events: readonly StationEvent[];
	readonly powerCut: Span | null;
}

/**
 * Devices and mains of one live site: their state told soon after midnight and noon, and what changes in between. What
 * is out at noon was told when it went.
 */
export function faultDay(model: SiteModel, day: number): FaultDay {
	const random = seededRandom(model.key, day, 'faults');
	const cut = random.chance(POWER_CUT) ? outage(day, 15, 55, random) : null;
	const power = (at: number, mains: boolean, number: string) =>
		eventOf(model, 'power.changed', at, `${day}-${number}`, {
			mains,
			...(mains ? { kilowatts: Math.round(random.between(3, 22)) / 10 } : {})
		});
	const reports = reportTimes(model, day).filter(({ at }) => !cut || !includes([cut], at));
	return {
		powerCut: cut,
		events: [
			...reports.map(({ at, name }) => power(at, true, name)),
			...(cut ? [power(cut.from, false, 'cut'), power(cut.to, true, 'back')] : []),
			...model.devices.flatMap((device) => deviceDay(model, day, device, random))
		]
	};
}

function deviceDay(model: SiteModel, day: number, device: SimDevice, random: Random): StationEvent[] {
	const tell = (at: number, state: 'online' | 'offline' | 'fault', number: string, reason?: string) =>
		eventOf(model, 'device.changed', at, `${device.name}-${day}-${number}`, {
			device: device.name,
			kind: device.kind,
			state,
			...(reason === undefined ? {} : { reason })
		});
	const reports = reportTimes(model, day);
	const canFail = !STEADY.has(device.kind);
	const spell = unitAt(hashOf(model.key, device.name), Math.floor(day / FAULT_SPELL_DAYS));
	if (canFail && spell < DEVICE_FAULT) return reports.map(({ at, name }) => tell(at, 'fault', name, '待维修'));
	const out = canFail && random.chance(DEVICE_OFFLINE) ? outage(day, 10, 120, random) : null;
	const online = reports
		.filter(({ at }) => !out || !includes([out], at))
		.map(({ at, name }) => tell(at, 'online', name));
	if (!out) return online;
	const reason = random.pick(['网络中断', '供电异常', '固件重启失败']);
	return [...online, tell(out.from, 'offline', 'down', reason), tell(out.to, 'online', 'up')];
}

/** A span between 7:00 and midnight. */
function outage(day: number, fromMinutes: number, toMinutes: number, random: Random): Span {
	const minutes = random.integer(fromMinutes, toMinutes);
	const from = dayStart(day) + random.integer(420, 1430 - minutes) * MINUTE_MS;
	return { from, to: from + minutes * MINUTE_MS };
}
