/** Supplies: what keepers find on the shelf. In a heat wave they look more often, and find less. */
import type { StationEvent } from '#domain/event.ts';
import { dateText, DAY_MS, dayStart } from '#domain/shanghai.ts';
import { includes, type Span } from './day-doors.ts';
import { seededRandom } from './random.ts';
import { asReported, eventOf, type SiteModel } from './sim-site.ts';

const MINUTE_MS = 60_000;
/** About 100 checks a day in the whole city (domain §10) over some 500 reporting stations. */
const CHECK_CHANCE = 0.18;
const CHECK_CHANCE_HOT = 0.6;
/** Expired medicine is the usual complaint, so a few items are near their date. */
const NEAR_EXPIRY = 0.04;

const ITEMS = ['矿泉水', '藿香正气水', '清凉油', '创可贴', '一次性纸杯', '暖宝宝'] as const;
const HOT_ITEMS = ['藿香正气水', '矿泉水', '清凉油', '冰袋'] as const;
/** Checks in the morning and, in a heat wave, in the afternoon; minutes of the day. */
const CHECKS = [540, 900] as const;

/** Stock checks of one site on one day, reported by its keeper. */
export function supplyDay(model: SiteModel, day: number, spans: readonly Span[], isHot: boolean): StationEvent[] {
	const random = seededRandom(model.key, day, 'supplies', isHot ? 1 : 0);
	const checks = isHot ? CHECKS : CHECKS.slice(0, 1);
	return checks.flatMap((minute) => {
		const at = Math.floor(dayStart(day) + (minute + random.between(-30, 60)) * MINUTE_MS);
		if (!random.chance(isHot ? CHECK_CHANCE_HOT : CHECK_CHANCE) || !includes(spans, at)) return [];
		const items = random.shuffled(isHot ? HOT_ITEMS : ITEMS).slice(0, random.integer(1, 2));
		return items.map((item) => {
			const shelfDays = random.chance(NEAR_EXPIRY) ? random.integer(2, 20) : random.integer(60, 540);
			const data = {
				item,
				quantity: random.integer(isHot ? 2 : 12, isHot ? 40 : 96),
				expiresOn: dateText(at + shelfDays * DAY_MS)
			};
			return asReported(model, eventOf(model, 'supply.changed', at, `${item}-${day}-${minute}`, data));
		});
	});
}
