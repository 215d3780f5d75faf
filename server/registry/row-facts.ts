/** The other facts of a row: what the site is, how large, what it has, whom to call. */
import type { HonourRecord } from '#domain/hours.ts';
import { arrayOf, dateOf, listOf, quantityOf, starsOf } from './cell.ts';
import type { Column } from './columns.ts';
import { officeKeeper, officePhones } from './privacy.ts';
import type { RowDesk } from './row-desk.ts';
import type { SiteDraft } from './site-fields.ts';
import { entryMethodOf, formOf, honourOf, kindOf, lifecycleOf, ownershipOf, telemetryOf } from './words.ts';

type Values = Partial<SiteDraft['values']>;

/** Largest believable figures: a station holds no thousands, a platform speaks at least once a day. */
const MAX_CAPACITY = 5_000;
const MAX_AREA_M2 = 100_000;
const MAX_PERIOD_SECONDS = 86_400;

/** Fixed choices. A word that is not known says nothing; free columns keep it as it is written. */
export function readStanding(desk: RowDesk): Values {
	const kind = chosen(desk, 'kind', kindOf);
	const lifecycle = chosen(desk, 'lifecycle', lifecycleOf);
	const telemetry = chosen(desk, 'telemetry', telemetryOf);
	const form = chosenOrKept(desk, 'form', formOf);
	const ownership = chosenOrKept(desk, 'ownership', ownershipOf);
	return {
		...(kind !== null && { kind }),
		...(lifecycle !== null && { lifecycle }),
		...(telemetry !== null && { telemetry }),
		...(form !== null && { form }),
		...(ownership !== null && { ownership })
	};
}

function chosen<T>(desk: RowDesk, column: Column, choose: (word: string) => T | null): T | null {
	const word = desk.word(column);
	const choice = word === null ? null : choose(word);
	if (word !== null && choice === null)
		desk.warn(column, `${column}_unknown`, `"${word}" is not one of the known words for this column; it was left out.`);
	return choice;
}

function chosenOrKept(desk: RowDesk, column: Column, choose: (word: string) => string | null): string | null {
	const text = desk.text(column);
	const choice = text === null ? null : choose(text);
	if (text !== null && choice === null)
		desk.warn(
			column,
			`${column}_unknown`,
			`"${text}" is not one of the known words for this column; it was kept as written.`
		);
	return choice ?? text;
}

export function readNumbers(desk: RowDesk): Values {
	const capacity = number(desk, 'capacity', quantityOf, (value) => Number.isInteger(value) && value <= MAX_CAPACITY);
	const floorAreaM2 = number(desk, 'floorAreaM2', quantityOf, (value) => value > 0 && value <= MAX_AREA_M2);
	const star = number(desk, 'star', starsOf, (value) => value >= 1 && value <= 5);
	const isPeriod = (value: number) => Number.isInteger(value) && value > 0 && value <= MAX_PERIOD_SECONDS;
	const periodSeconds = number(desk, 'periodSeconds', quantityOf, isPeriod);
	const openedText = desk.text('openedOn');
	const openedOn = openedText === null ? null : dateOf(openedText);
	if (openedText !== null && openedOn === null)
		desk.warn(
			'openedOn',
			'date_unreadable',
			`"${openedText}" is not a whole date such as 2024-05-01; it was left out.`
		);
	return {
		...(capacity !== null && { capacity }),
		...(floorAreaM2 !== null && { floorAreaM2 }),
		...(star !== null && { star }),
		...(periodSeconds !== null && { periodSeconds }),
		...(openedOn !== null && { openedOn })
	};
}

function number(
	desk: RowDesk,
	column: Column,
	read: (text: string) => number,
	isGood: (value: number) => boolean
): number | null {
	const text = desk.text(column);
	if (text === null) return null;
	const value = read(text);
	if (isGood(value)) return value;
	desk.warn(column, 'number_unreadable', `"${text}" is not a number that can stand here; it was left out.`);
	return null;
}

export function readEquipment(desk: RowDesk): Values {
	const facilities = listOf(desk.cell('facilities'));
	const services = listOf(desk.cell('services'));
	const entryMethods = readEntryMethods(desk);
	const honours = readHonours(desk);
	return {
		...(facilities !== null && { facilities }),
		...(services !== null && { services }),
		...(entryMethods !== null && { entryMethods }),
		...(honours !== null && { honours })
	};
}

function readEntryMethods(desk: RowDesk): string[] | null {
	const words = listOf(desk.cell('entryMethods'));
	if (words === null) return null;
	const unknown = words.filter((word) => entryMethodOf(word) === null);
	if (unknown.length > 0)
		desk.warn('entryMethods', 'entry_method_unknown', `${quoted(unknown)} is no known way in; it was kept as written.`);
	return [...new Set(words.map((word) => entryMethodOf(word) ?? word))];
}

function readHonours(desk: RowDesk): HonourRecord[] | null {
	const cell = desk.cell('honours');
	const honours = (arrayOf(cell) ?? listOf(cell) ?? []).map(honourOf).filter((honour) => honour !== null);
	if (honours.length === 0) return null;
	if (honours.some((honour) => honour.level === 'other'))
		desk.warn(
			'honours',
			'honour_level_unknown',
			'An honour names no level (national, provincial, city); it was kept as "other".'
		);
	return honours;
}

/** Offices only: what may belong to a person is left out, and the warning does not repeat it. */
export function readContact(desk: RowDesk): Values {
	const phone = officePhones(desk.text('phone') ?? '');
	if (phone.dropped > 0)
		desk.warn('phone', 'phone_personal', 'A number that is no office line (mobile, masked or unclear) was left out.');
	const keeper = officeKeeper(desk.text('keeperRole') ?? '');
	if (keeper.dropped > 0)
		desk.warn(
			'keeperRole',
			'keeper_personal',
			'The keeper was left out: only offices are kept, never names of people.'
		);
	return {
		...(phone.text !== null && { phone: phone.text }),
		...(keeper.text !== null && { keeperRole: keeper.text })
	};
}

function quoted(words: readonly string[]): string {
	return words.map((word) => `"${word}"`).join(', ');
}
