/** The words in which files say what the registry keeps as a fixed choice. Tried in order: the first that fits holds. */
import type { HonourRecord } from '#domain/hours.ts';
import type { Datum, Lifecycle, SiteKind, Telemetry } from '#domain/site.ts';
import { textOf } from './cell.ts';

type Words<T> = readonly (readonly [RegExp, T])[];

const KINDS: Words<SiteKind> = [
	[/^carnation_station$|康乃馨/, 'carnation_station'],
	[/^nursing_room$|母婴|妈咪|哺乳/, 'nursing_room'],
	[/^driver_home$|司机之家/, 'driver_home'],
	[/^service_station$|驿站|服务点|服务站|爱心站|^站点$/, 'service_station']
];

const LIFECYCLES: Words<Lifecycle> = [
	[/^planned$|在建|规划|筹建|筹备|拟建|待建|未启用/, 'planned'],
	[/^suspended$|暂停|停用|停运|装修|维修|改造|整改|休整|inactive/, 'suspended'],
	[/^merged$|合并|并入/, 'merged'],
	[/^closed$|撤销|撤并|关闭|关停|注销|取消|已拆|removed/, 'closed'],
	[/^(?:open|active|normal|in_use|1)$|正常|运营|营业|开放|在营|在用|启用|使用中|运行|已建/, 'open']
];

const TELEMETRY: Words<Telemetry> = [
	[/^(?:none|否|无|不是|no|false|0|-|非智能|普通)$/, 'none'],
	[/^manual$|人工|手工|填报|上报/, 'manual'],
	[/^(?:live|是|有|yes|true|1|√)$|实时|智能|智慧|在线|自动/, 'live']
];

const DATUMS: Words<Datum> = [
	[/wgs-?_?84|gps|4326/, 'wgs84'],
	[/cgcs-?_?2000|国家2000|天地图|4490/, 'cgcs2000'],
	[/gcj-?_?02|火星|高德|腾讯|amap/, 'gcj02'],
	[/bd-?_?09|百度|baidu/, 'bd09'],
	[/^unknown$|未知|不详/, 'unknown']
];

const ENTRY_METHODS: Words<string> = [
	[/^face$|人脸|刷脸/, 'face'],
	[/^(?:id|id_card)$|身份证/, 'id_card'],
	[/^qr$|二维码|扫码|会员码|小程序|app/, 'qr'],
	[/^(?:remote|call)$|呼叫|远程|对讲/, 'remote'],
	[/^card$|刷卡|门禁卡|工会卡|会员卡/, 'card'],
	[/^(?:manual|staff)$|人工|值守|自由进出|自由进入|免门禁/, 'manual']
];

const FORMS: Words<string> = [
	[/^mobile$|流动|移动|车载/, 'mobile'],
	[/^fixed$|固定/, 'fixed']
];

const OWNERSHIPS: Words<string> = [
	[/^shared$|共建|共享|联建|合建|依托/, 'shared'],
	[/^union$|自建|工会/, 'union']
];

const HONOUR_LEVELS: Words<string> = [
	[/national|全国|国家级|全总/, 'national'],
	[/provincial|省/, 'provincial'],
	[/city|市/, 'city']
];

const choose =
	<T>(words: Words<T>) =>
	(text: string): T | null =>
		words.find(([pattern]) => pattern.test(text.normalize('NFKC').toLowerCase().trim()))?.[1] ?? null;

export const kindOf = choose(KINDS);
export const lifecycleOf = choose(LIFECYCLES);
export const telemetryOf = choose(TELEMETRY);
export const datumOf = choose(DATUMS);
export const entryMethodOf = choose(ENTRY_METHODS);
export const formOf = choose(FORMS);
export const ownershipOf = choose(OWNERSHIPS);

/**
 * An honour as text (`全国最美工会户外劳动者服务站点(2023)`), of which level and year are read, or as an object, which is taken as it
 * is. Level `other` where none is told; null without a title.
 */
export function honourOf(value: unknown): HonourRecord | null {
	const isObject = typeof value === 'object' && value !== null;
	const title = textOf(isObject && 'title' in value ? value.title : value);
	if (title === null) return null;
	const level = choose(HONOUR_LEVELS)(isObject && 'level' in value ? String(value.level) : title) ?? 'other';
	const said = isObject ? ('year' in value ? value.year : null) : /(?:19|20)\d{2}/.exec(title)?.[0];
	const year = Number(said ?? NaN);
	return Number.isInteger(year) && year > 1900 && year < 2200 ? { level, year, title } : { level, title };
}
