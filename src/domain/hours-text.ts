/**
 * The words of a posted-hours text, in Chinese or English, read from left to right. What is not known stops the
 * reading: half-understood hours would make a station look open when it is not.
 */
export type HoursToken =
	| { readonly kind: 'days'; readonly days: readonly number[] }
	| { readonly kind: 'holidays' }
	| { readonly kind: 'span'; readonly from: number; readonly to: number }
	| { readonly kind: 'closed' };

export interface HoursReading {
	readonly tokens: readonly HoursToken[];
	/** The text from the first word that was not understood; null = all was read */
	readonly leftover: string | null;
}

const ALL_DAYS = [0, 1, 2, 3, 4, 5, 6];
const WORKDAYS = [0, 1, 2, 3, 4];
const WEEKEND = [5, 6];
const DAY_LETTERS: Readonly<Record<string, number>> = {
	...{ 一: 0, 二: 1, 三: 2, 四: 3, 五: 4, 六: 5, 日: 6, 天: 6, 七: 6 },
	...{ 1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6 }
};
const ENGLISH_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const FULL_DAY = 1440;

const HALF = '(凌晨|早上|早晨|上午|早|中午|下午|晚上|晚间|晚|夜间)?';
const CLOCK = '(\\d{1,2})(?::(\\d{2}))?(am|pm)?';

type Reader = (match: RegExpExecArray) => HoursToken | 'unclear' | null;

/** Tried in this order at each place of the text; null = a word that says nothing about times. */
const WORDS: readonly (readonly [RegExp, Reader])[] = [
	[/[\s,;、/|。.()[\]:+&]+|和|及|与|and\b/y, () => null],
	[/7x24(?:小时|h)?|24\/7|24小时|24(?:hours?|hrs?|h)\b|全天候?|全日/y, () => span(0, FULL_DAY)],
	[new RegExp(`${HALF}${CLOCK}-${HALF}${CLOCK}(?![\\d:])`, 'y'), readSpan],
	[/全年无休|每天|每日|天天|全周|daily|every ?day/y, () => days(ALL_DAYS)],
	[/工作日|平日|weekdays?/y, () => days(WORKDAYS)],
	[/周末|双休日|weekends?/y, () => days(WEEKEND)],
	[/(?:周|星期|礼拜)([一二三四五六日天1-7])-(?:周|星期|礼拜)?([一二三四五六日天]|[1-7](?![\d:]))/y, readDayRange],
	[/(?:周|星期|礼拜)([一二三四五六日天1-7](?:[、,]?[一二三四五六日天])*)/y, readDayList],
	[/(mon|tue|wed|thu|fri|sat|sun)[a-z]*-(mon|tue|wed|thu|fri|sat|sun)[a-z]*/y, readEnglishRange],
	[/(mon|tue|wed|thu|fri|sat|sun)[a-z]*/y, (match) => days([ENGLISH_DAYS.indexOf(match[1] ?? '')])],
	[/(?:国家|法定|国定)*(?:节假日|节日|假日|假期|公休日)|(?:public |bank )?holidays?/y, () => ({ kind: 'holidays' })],
	[/休息|休馆|休|闭馆|闭站|关闭|关门|不开放|不营业|除外|closed|except/y, () => ({ kind: 'closed' })],
	[/正常|照常|免费|对外|开放|营业|服务|办公|开门|时间|时段|为|均|open|from|hours?/y, () => null]
];

/** Reads the words of a text. Full-width signs, 至/到/~ and 8点30分 are brought to one form first. */
export function readHoursText(text: string): HoursReading {
	const plain = normalise(text);
	const tokens: HoursToken[] = [];
	let position = 0;
	while (position < plain.length) {
		const step = readWord(plain, position);
		if (step === null) return { tokens, leftover: plain.slice(position) };
		if (step.token) tokens.push(step.token);
		position = step.next;
	}
	return { tokens, leftover: null };
}

function readWord(plain: string, position: number): { token: HoursToken | null; next: number } | null {
	for (const [pattern, read] of WORDS) {
		pattern.lastIndex = position;
		const match = pattern.exec(plain);
		if (match === null) continue;
		const token = read(match);
		return token === 'unclear' ? null : { token, next: position + match[0].length };
	}
	return null;
}

function normalise(text: string): string {
	return text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/至|到|[–—―−~〜]|\bto\b|\bthrough\b/g, '-')
		.replace(/[×*]/g, 'x')
		.replace(/(\d)[点时]半/g, '$1:30')
		.replace(/(\d)[点时]([0-5]\d)分?/g, '$1:$2')
		.replace(/(\d)[点时]整?/g, '$1:00')
		.replace(/(\d)\s+(am|pm|小时|h\b|hours?\b|hrs?\b)/g, '$1$2')
		.replace(/\s*(-+|:)\s*/g, (_, sign: string) => sign.slice(0, 1))
		.trim();
}

function days(list: readonly number[]): HoursToken {
	return { kind: 'days', days: list };
}

function span(from: number, to: number): HoursToken {
	return { kind: 'span', from, to };
}

function readSpan(match: RegExpExecArray): HoursToken | 'unclear' {
	const [, fromHalf, fromHour, fromMinute, fromSign, toHalf, toHour, toMinute, toSign] = match;
	const from = minuteOf(fromHour, fromMinute, fromHalf ?? fromSign);
	let to = minuteOf(toHour, toMinute, toHalf ?? toSign);
	if (from === null || to === null) return 'unclear';
	const isBare = !fromMinute && !toMinute && !(fromHalf ?? fromSign ?? toHalf ?? toSign);
	if (isBare && (to <= from || to <= 720)) return 'unclear';
	// 下午1:30-5:30: the second time stands in the same half of the day
	if (!(toHalf ?? toSign) && isAfternoon(fromHalf ?? fromSign) && to <= from && to + 720 > from) to += 720;
	if (to === 1439) to = FULL_DAY;
	if (from === FULL_DAY || (to === from && from !== 0)) return 'unclear';
	return span(from, to > from ? to : to + FULL_DAY);
}

function minuteOf(hourText = '', minuteText = '0', half: string | undefined): number | null {
	const hour = Number(hourText);
	const minute = Number(minuteText);
	if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return null;
	const isTwelfth = hour === 12 && (half === 'am' || half === '凌晨');
	const shift = isTwelfth ? -12 : isAfternoon(half) && hour < 12 ? 12 : 0;
	return (hour + shift) * 60 + minute;
}

function isAfternoon(half: string | undefined): boolean {
	return half === 'pm' || half === '下午' || half === '夜间' || (half?.startsWith('晚') ?? false);
}

function readDayRange(match: RegExpExecArray): HoursToken | 'unclear' {
	return dayRange(DAY_LETTERS[match[1] ?? ''], DAY_LETTERS[match[2] ?? '']);
}

function readEnglishRange(match: RegExpExecArray): HoursToken | 'unclear' {
	return dayRange(ENGLISH_DAYS.indexOf(match[1] ?? ''), ENGLISH_DAYS.indexOf(match[2] ?? ''));
}

/** Friday to Monday runs over the end of the week. */
function dayRange(first: number | undefined, last: number | undefined): HoursToken | 'unclear' {
	if (first === undefined || last === undefined) return 'unclear';
	const count = ((last - first + 7) % 7) + 1;
	return days(Array.from({ length: count }, (_, step) => (first + step) % 7));
}

function readDayList(match: RegExpExecArray): HoursToken {
	const letters = (match[1] ?? '').replace(/[、,]/g, '');
	return days([...letters].flatMap((letter) => DAY_LETTERS[letter] ?? []));
}
