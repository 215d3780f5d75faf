/** Devices and supplies that need somebody, as lines of a list. Pure but for the language of the page. */
import type { Equipment, SupplyProblem } from '#server/places/equipment.ts';
import { m } from '#lib/paraglide/messages.js';
import { deviceKindText, deviceStateText } from '../device-words.ts';

export interface NeedLine {
	readonly key: string;
	/** of the station */
	readonly code: string;
	readonly name: string;
	readonly what: string;
	readonly problem: string;
	/** not only soon: now */
	readonly isBad: boolean;
	/** ms: since when it is known */
	readonly at: number;
}

const SUPPLY_PROBLEM: Readonly<Record<SupplyProblem, (words: { date: string }) => string>> = {
	expired: m.place_supply_expired,
	empty: () => m.place_supply_empty(),
	expiring: m.place_supply_expiring
};

export function deviceLines({ devices }: Pick<Equipment, 'devices'>): NeedLine[] {
	return devices.map(({ code, name, device, kind, state, reason, at }) => ({
		key: `${code} ${device}`,
		code,
		name,
		what: deviceKindText(kind),
		problem: deviceStateText(state, reason),
		isBad: state === 'fault',
		at: Date.parse(at)
	}));
}

export function supplyLines({ supplies }: Pick<Equipment, 'supplies'>): NeedLine[] {
	return supplies.map(({ code, name, item, problem, expiresOn, at }) => ({
		key: `${code} ${item}`,
		code,
		name,
		what: item,
		problem: SUPPLY_PROBLEM[problem]({ date: expiresOn ?? '' }),
		isBad: problem !== 'expiring',
		at: Date.parse(at)
	}));
}
