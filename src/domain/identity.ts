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
	/** names of the dropped fields, each once, as they were sent; at most 20 */
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
			if (cleaned === value) continue;
			copy ??= { ...fields };
			if (isDropped && this.dropped.size < MAX_DROPPED) this.dropped.add(name.slice(0, MAX_NAME));
			if (isDropped && this.#known === null) Reflect.deleteProperty(copy, name);
			else copy[name] = cleaned;
		}
		return copy ?? fields;
	}
}

/** 11 digits from 13 to 19, also with +86 and separators; not a part of a longer number or of a UUID. */
const MOBILE = /(?<![\da-fA-F.])(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?![\da-fA-F])/g;
/** 18 signs with a date of birth in the 7th to the 14th. */
const IDENTITY_NUMBER =
	/(?<![\da-fA-F])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\da-fA-FxX])/g;

/** Mobile and identity numbers in a text, digit by digit, as `*`. The same text where there are none. */
export function maskPersonalNumbers(text: string): string {
	// Nearly every text is too short for one.
	if (text.length < 11) return text;
	const hide = (found: string): string => found.replace(/[\dXx]/g, '*');
	return text.replace(IDENTITY_NUMBER, hide).replace(MOBILE, hide);
}

const isPersonalNumber = (value: number): boolean => {
	const text = String(value);
	return maskPersonalNumbers(text) !== text;
};

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
		.replace(PIECES, (_, name: string | undefined) => (name === undefined ? WITHHELD : `"${name}":`))
		.replace(/\s+/g, ' ');
	return `${text.length} characters: ${shape}${text.length > SHAPE_LENGTH ? WITHHELD : ''}`;
}
