/**
 * What names a person: fields by their names, and numbers by their form. Workers are counted, never known: such a field is
 * dropped at the door, and what is kept of a refused event is kept without it (PIPL art. 6 and 28; docs/SPEC.md [PR]).
 */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Whole names as vendors write them, without case, signs and digits; the line before the Chinese are initials of pinyin. */
const NAMES = words(`
	personid personno personcode persontoken userid userno username visitorid workerid workerno staffid staffno employeeid
	employeeno memberid memberno membercode childid childcode studentid guardian
	fullname realname firstname lastname givenname familyname surname nickname
	idno idnum idcode cardno cardnum cardnumber cardid cardcode cardsn cardhash iccard icno bankcard unioncard
	phone telephone tel cellphone mobile mobileno msisdn email wechat weixin qq openid unionid ssn passport
	face faces faceid faceurl facetoken fingerprint biometric biometrics voiceprint iris selfie avatar portrait
	plate plateno platenumber carno carnumber vehicleno vehicleplate
	birthday birthdate dateofbirth gender sex ethnicity nationality homeaddress pickedupby
	sfz sfzh sfzhm zjhm lxdh sjh sjhm cph cphm jhr jhrxm etxm xming csrq
	姓名 会员 卡号 会员号 工号 证件号 电话 微信 邮箱 车牌 生日 性别 民族 住址`);

/** In an event, where no type has a field of such a name, these mean a person too; elsewhere they may name a place or a thing. */
const NAMES_IN_EVENTS = words(`
	name person user visitor worker member child children kid baby pupil student parent parentid parents father mother keeper
	age nation cell birth signature pickup photo photourl picture image imageurl snapshot feature embedding xm xb dh kh mz hyh
	名字 人员 用户 职工 儿童 孩子 幼儿 学生 家长 父亲 母亲 年龄 照片 头像 签名`);

/** Parts that are never innocent, wherever in a name they stand. Long enough to hit nothing else. */
const PARTS =
	/personhash|personname|identityn|identitycard|idcardn|idcardhash|^idcard|idcard$|identification|passportn|certno|certificateno|username|visitorname|workername|membername|memberno|staffname|employeename|realname|nickname|childname|childrenname|studentname|parentname|guardian|pickupp|pickupby|pickupname|phone|mobilen|mobilephone|wechat|weixin|openid$|unionid$|facehash|faceid|faceimage|facefeature|facedata|facetoken|faceprint|facetemplate|fingerprint|palmprint|voiceprint|biometric|licenseplate|licenceplate|plateno|platenumber|dateofbirth|cardholder|身份证|证件号|证件号码|姓名|手机|联系电话|电话号|人脸|指纹|车牌|监护人|家长|接送人|会员号|会员证|工会卡|出生日期|家庭住址|生物特征/u;

/** Names that recur with every event are judged once. Bounded: a source may invent as many as it likes. */
const judged = new Map<string, boolean>();
const MAX_JUDGED = 5000;

const plain = (name: string): string =>
	name
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[^\p{L}]/gu, '');

/** Whether a field of this name says who somebody is, wherever it stands. Case, signs between words and digits do not matter. */
export function isIdentityName(name: string): boolean {
	const letters = plain(name);
	return NAMES.has(letters) || PARTS.test(letters);
}

/** The same for a field of an event. */
function isIdentityInEvent(name: string): boolean {
	const known = judged.get(name);
	if (known !== undefined) return known;
	const letters = plain(name);
	const isNamed = NAMES_IN_EVENTS.has(letters) || NAMES_IN_EVENTS.has(letters.replace(/s$/, ''));
	const answer = isNamed || isIdentityName(name);
	if (judged.size >= MAX_JUDGED) judged.clear();
	if (name.length <= MAX_NAME) judged.set(name, answer);
	return answer;
}

export interface WithoutIdentity<T> {
	/** the same value when nothing was dropped */
	readonly value: T;
	/** names of the dropped fields, each once, as they were sent but for numbers of persons; at most 20 */
	readonly dropped: readonly string[];
}

/** Deeper no payload of ours goes; what lies below is not looked into, so it goes as a whole. */
const MAX_DEPTH = 12;
const MAX_DROPPED = 20;
/** Longer names are cut where they are told. UTF-16 units. */
const MAX_NAME = 64;

/** What stands in place of a value that is not kept. */
export const WITHHELD = '…';

/** Drops every field that names a person, at any depth, with all that is in it. */
export function withoutIdentity<T>(value: T): WithoutIdentity<T> {
	const walk = new Walk(null);
	return { value: walk.cleaned(value, 0) as T, dropped: [...walk.dropped] };
}

/**
 * The same for what is kept for people to read: the field stays with `…` as its value, so that they see what was sent. So
 * does a text under a name that is not `known`, which may hold anything; numbers of persons within the others are masked.
 */
export function redacted<T>(value: T, known: ReadonlySet<string>): WithoutIdentity<T> {
	const walk = new Walk(known);
	return { value: walk.cleaned(value, 0) as T, dropped: [...walk.dropped] };
}

class Walk {
	readonly dropped = new Set<string>();
	/** names whose texts are kept; null = dropped fields go with their names, and texts are not looked into */
	readonly #known: ReadonlySet<string> | null;

	constructor(known: ReadonlySet<string> | null) {
		this.#known = known;
	}

	/** Gives back what came when nothing in it changed: most events make no copy. */
	cleaned(value: unknown, depth: number, name = ''): unknown {
		if (typeof value === 'object' && value !== null) {
			if (depth >= MAX_DEPTH) return WITHHELD;
			return Array.isArray(value) ? this.#list(value, depth, name) : this.#fields(value, depth);
		}
		if (this.#known === null) return value;
		if (typeof value === 'string') return this.#known.has(name) ? maskPersonalNumbers(value) : WITHHELD;
		return typeof value === 'number' && isPersonalNumber(value) ? WITHHELD : value;
	}

	#list(list: readonly unknown[], depth: number, name: string): readonly unknown[] {
		let copy: unknown[] | null = null;
		for (const [index, item] of list.entries()) {
			const cleaned = this.cleaned(item, depth + 1, name);
			if (cleaned === item) continue;
			copy ??= [...list];
			copy[index] = cleaned;
		}
		return copy ?? list;
	}

	#fields(fields: object, depth: number): object {
		let copy: Record<string, unknown> | null = null;
		for (const [name, value] of Object.entries(fields)) {
			const isDropped = isIdentityInEvent(name);
			const cleaned = isDropped ? WITHHELD : this.cleaned(value, depth + 1, name);
			const told = isDropped || this.#known !== null ? maskPersonalNumbers(name) : name;
			if (cleaned === value && told === name) continue;
			copy ??= { ...fields };
			if (isDropped && this.dropped.size < MAX_DROPPED) this.dropped.add(told.slice(0, MAX_NAME));
			if (told !== name || (isDropped && this.#known === null)) Reflect.deleteProperty(copy, name);
			if (this.#known !== null) copy[told] = cleaned;
			else if (!isDropped) copy[name] = cleaned;
		}
		return copy ?? fields;
	}
}

/**
 * What people write between the digits of a telephone number: blanks, dashes, brackets, dots, and signs nobody sees. Bounded,
 * so that no text takes longer than its length.
 */
const GAP = String.raw`[\s\p{Pd}\p{Cf}−()·•・.]{0,6}`;
/** 11 digits from 13 to 19, also after +86, 0086 or 0. What stands before and after may be anything but a digit. */
const MOBILE = new RegExp(
	String.raw`(?<!\d)(?<!\b0\.)(?:(?:(?:\+|00)${GAP})?86${GAP}|0)?(1[3-9]\d(?:${GAP}\d){8})(?!\d)`,
	'gu'
);
const BLANK = String.raw`[\s\p{Cf}]{0,6}`;
/** 18 signs with a date of birth in the 7th to the 14th. Only blanks between: `320205-20260601-0001` is a running number. */
const IDENTITY_NUMBER = new RegExp(
	[
		String.raw`(?<!\d)[1-9]\d{2}`,
		String.raw`\d{3}`,
		String.raw`(?:19|20)\d{2}`,
		'(?:0[1-9]|1[0-2])',
		String.raw`(?:0[1-9]|[12]\d|3[01])`,
		String.raw`\d{3}`,
		String.raw`[\dXx](?!\d)`
	].join(BLANK),
	'gu'
);
const UUID = /(?<![\da-f])[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}(?![\da-f])/gi;
const UUID_LENGTH = 36;
/** As many digits as a mobile number has. */
const MIN_DIGITS = 11;

/**
 * Mobile and identity numbers in a text, digit by digit, as `*`, whatever stands around them and however their digits are
 * written (full width, spaced, with invisible signs): a text with one comes back in NFKC. The same text where there are none.
 */
export function maskPersonalNumbers(text: string): string {
	if (!mayHoldNumber(text)) return text;
	const plainText = text.normalize('NFKC');
	const hide = (found: string): string => found.replace(/[\dXx]/g, '*');
	const masked = maskMobiles(plainText.replace(IDENTITY_NUMBER, hide), hide);
	return masked === plainText ? text : masked;
}

/** Whether a mobile or an identity number stands in a text. */
export const holdsPersonalNumber = (text: string): boolean => maskPersonalNumbers(text) !== text;

/**
 * Cheap, for what passes by the thousand, and never wrongly no. Of ASCII and ideographs: 18 digits with blanks between, or 11
 * digits from a group on that begins as a mobile number does. Of other signs NFKC may make digits, of one at most two.
 */
function mayHoldNumber(text: string): boolean {
	if (text.length * 2 < MIN_DIGITS) return false;
	let mobile = 0;
	let identity = 0;
	let isDigitBefore = false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		const isDigit = code >= ZERO && code <= NINE;
		if (isDigit) {
			if (mobile > 0 || (!isDigitBefore && beginsAsMobile(text, i, code))) mobile++;
			identity++;
			if (mobile >= MIN_DIGITS || identity >= IDENTITY_DIGITS) return true;
		} else if (code > 32) {
			if (code > 127 && !isIdeograph(code)) return mayBecomeDigits(text);
			identity = 0;
			// ( ) - .
			if (code !== 40 && code !== 41 && code !== 45 && code !== 46) mobile = 0;
		}
		isDigitBefore = isDigit;
	}
	return false;
}

const ZERO = 48;
const NINE = 57;
/** The last sign of an identity number may be an X. */
const IDENTITY_DIGITS = 17;

/** `code`: the first digit of a group, at `i`: 1 and 3 to 9, or after 0, or a country code. */
function beginsAsMobile(text: string, i: number, code: number): boolean {
	if (code === 49) return text.charCodeAt(i + 1) > 50;
	if (code === 56) return text.charCodeAt(i + 1) === 54;
	if (code !== ZERO) return false;
	const next = text.charCodeAt(i + 1);
	// 01[3-9], or 00 86 with something between.
	return next === 49 ? text.charCodeAt(i + 2) > 50 : next === ZERO && !(text.charCodeAt(i + 2) <= 55);
}

function mayBecomeDigits(text: string): boolean {
	let digits = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code >= ZERO && code <= NINE) digits++;
		else if (code > 127 && !isIdeograph(code)) digits += 2;
		if (digits >= MIN_DIGITS) return true;
	}
	return false;
}

/** Ideographs and Hangul, of which NFKC makes no digit. */
const isIdeograph = (code: number): boolean => (code >= 0x3400 && code < 0xd800) || (code >= 0xe000 && code < 0xfb00);

function maskMobiles(text: string, hide: (found: string) => string): string {
	let masked = '';
	let from = 0;
	MOBILE.lastIndex = 0;
	for (let found = MOBILE.exec(text); found; found = MOBILE.exec(text)) {
		const [whole, number = ''] = found;
		if (!isSpelledAsMobile(number) || isInToken(text, found.index, whole)) {
			// What is none may hold the beginning of one.
			MOBILE.lastIndex = found.index + 1;
			continue;
		}
		masked += text.slice(from, found.index) + hide(whole);
		from = found.index + whole.length;
	}
	return masked + text.slice(from);
}

/** Groups as people write them; not a row of figures, decimals or an IPv4 address, which have eleven digits by chance. */
function isSpelledAsMobile(number: string): boolean {
	const gaps = number.match(/\D+/g) ?? [];
	if (gaps.length === 0) return true;
	const groups = number.split(/\D+/);
	if ((groups[0] ?? '').length < 3 || groups.some((group) => group.length < 2)) return false;
	const dotted = gaps.filter((gap) => gap.includes('.')).length;
	if (dotted === 0) return true;
	return dotted === gaps.length && !(groups.length === 4 && groups.every((group) => Number(group) < 256));
}

/** Part of a UUID or a hash, whose digits are chance. A hash: 16, or from 20, signs of base 16, a letter among them. */
function isInToken(text: string, at: number, whole: string): boolean {
	const end = at + whole.length;
	const from = Math.max(0, at - UUID_LENGTH);
	for (const uuid of text.slice(from, end + UUID_LENGTH).matchAll(UUID)) {
		if (at >= from + uuid.index && end <= from + uuid.index + UUID_LENGTH) return true;
	}
	const before = /[\da-z]*$/i.exec(text.slice(Math.max(0, at - MAX_HASH), at))?.[0] ?? '';
	const after = /^[\da-z]*/i.exec(text.slice(end, end + MAX_HASH))?.[0] ?? '';
	const token = before + whole + after;
	return (token.length === 16 || token.length >= 20) && /^[\da-f]+$/i.test(token) && before + after !== '';
}

/** Signs of the longest hash in use, SHA-512. */
const MAX_HASH = 128;

const isPersonalNumber = (value: number): boolean => Number.isInteger(value) && holdsPersonalNumber(String(value));

/** Characters of an unreadable text that are looked at. */
const SHAPE_LENGTH = 300;
/** In broken JSON: a name with its colon, any other quoted text, a run of anything that is no sign of JSON's own. */
const PIECES = /"([A-Za-z_][\w.-]{0,63})"\s*:|"(?:[^"\\]|\\.)*"?|[^\s{}[\],:"]+/gsu;

/**
 * What is kept of a text that is no object of JSON, where nobody can say which part of it names whom: its length and the
 * shape of its beginning, names of fields and signs, never a value.
 */
export function shapeOf(text: string): string {
	const shape = text
		.slice(0, SHAPE_LENGTH)
		.replace(PIECES, (_, name: string | undefined) =>
			name === undefined ? WITHHELD : `"${maskPersonalNumbers(name)}":`
		)
		.replace(/\s+/g, ' ');
	return `${text.length} characters: ${shape}${text.length > SHAPE_LENGTH ? WITHHELD : ''}`;
}
