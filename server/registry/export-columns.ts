/**
 * The registry in the columns that the import reads, so that an export imported again changes nothing. Coordinates go out as
 * they came in, with their datum; the WGS-84 pair beside them is for those who draw it, and the import does not read it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Area, Lifecycle, SiteKind, Telemetry } from '#domain/site.ts';
import { arrayOf, listOf } from './cell.ts';
import { headerOf, type Column } from './columns.ts';
import type { RegisteredSite } from './site-fields.ts';
import { entryMethodOf, honourOf } from './words.ts';

export const EXPORT_COLUMNS = [
	...(['code', 'externalCode', 'name', 'alias', 'kind', 'lifecycle', 'form', 'ownership', 'hostType'] as const),
	...(['district', 'districtCode', 'street', 'streetCode', 'address', 'lng', 'lat', 'datum'] as const),
	...(['hoursText', 'isOpen24h', 'capacity', 'floorAreaM2', 'openedOn', 'entryMethods', 'facilities'] as const),
	...(['services', 'honours', 'star', 'phone', 'keeperRole', 'telemetry', 'periodSeconds', 'note'] as const)
] satisfies readonly Column[];

type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** Headers of the WGS-84 pair; the import knows neither. */
const WGS84_HEADERS = { zh: ['WGS84经度', 'WGS84纬度'], en: ['wgs84_lng', 'wgs84_lat'] } as const;

/** Header of the mark of an export; the import does not know it, so a file that comes back is read without it. */
const MARK_HEADER = '导出标记';

/** What an export may tell, and what it says of itself. */
export interface ExportTerms {
	/** phone and office of the keeper: only for who may read them */
	readonly hasContact: boolean;
	/** who took the file out, when and of which scope; on every row, so that a part of the file has it too */
	readonly mark: ExportMark;
}

export interface ExportMark {
	/** user name */
	readonly user: string;
	/** RFC 3339, of Asia/Shanghai */
	readonly at: string;
	readonly scope: string;
}

export const markText = ({ user, at, scope }: ExportMark): string => `${user} ${at} ${scope}`;

const CONTACT_COLUMNS: readonly Column[] = ['phone', 'keeperRole'];

/** Of `EXPORT_COLUMNS` those that may be told. */
const columnsOf = ({ hasContact }: ExportTerms): readonly ExportColumn[] =>
	EXPORT_COLUMNS.filter((column) => hasContact || !CONTACT_COLUMNS.includes(column));

/** Numbers stay numbers: they are no formula in any format. */
export type ExportCell = string | number | null;

const KIND_WORDS: Readonly<Record<SiteKind, string>> = {
	service_station: '工会驿站',
	carnation_station: '康乃馨服务站',
	nursing_room: '爱心母婴室',
	driver_home: '司机之家'
};
const LIFECYCLE_WORDS: Readonly<Record<Lifecycle, string>> = {
	planned: '筹建',
	open: '运营',
	suspended: '暂停',
	closed: '关闭',
	merged: '合并'
};
const TELEMETRY_WORDS: Readonly<Record<Telemetry, string>> = { live: '智能', manual: '人工', none: '无' };
// Maps, because these columns also hold whatever a file said: "toString" is no key of a map.
const ENTRY_WORDS: ReadonlyMap<string, string> = new Map([
	['face', '人脸'],
	['id_card', '身份证'],
	['qr', '扫码'],
	['remote', '远程'],
	['card', '刷卡'],
	['manual', '人工']
]);
const FORM_WORDS: ReadonlyMap<string, string> = new Map([
	['fixed', '固定'],
	['mobile', '流动']
]);
const OWNERSHIP_WORDS: ReadonlyMap<string, string> = new Map([
	['union', '自建'],
	['shared', '共建']
]);

/** Headers of a sheet in Chinese: `EXPORT_COLUMNS` as far as they may be told, the WGS-84 pair, the mark. */
export function sheetHeaders(terms: ExportTerms): string[] {
	return [...columnsOf(terms).map((column) => headerOf(column, 'zh')), ...WGS84_HEADERS.zh, MARK_HEADER];
}

/** A row of a sheet, in the words that a sheet has. */
export function sheetRow(site: RegisteredSite, areaName: (code: string) => string, terms: ExportTerms): ExportCell[] {
	const cells: Record<ExportColumn, ExportCell> = {
		...plainCells(site, areaName),
		kind: KIND_WORDS[site.kind],
		lifecycle: LIFECYCLE_WORDS[site.lifecycle],
		telemetry: TELEMETRY_WORDS[site.telemetry],
		form: FORM_WORDS.get(site.form) ?? site.form,
		ownership: OWNERSHIP_WORDS.get(site.ownership ?? '') ?? site.ownership,
		isOpen24h: site.isOpen24h ? '是' : null,
		entryMethods: entryText(site.entryMethods),
		facilities: listText(site.facilities, site.facilities, listOf),
		services: listText(site.services, site.services, listOf),
		honours: listText(
			site.honours.map(({ title }) => title),
			site.honours,
			(text) => (arrayOf(text) ?? listOf(text) ?? []).map(honourOf)
		)
	};
	return [...columnsOf(terms).map((column) => cells[column]), site.lng, site.lat, markText(terms.mark)];
}

/** Properties of a feature, in the codes that programs have. */
export function featureProperties(
	site: RegisteredSite,
	areaName: (code: string) => string,
	terms: ExportTerms
): Record<string, unknown> {
	const cells: Record<ExportColumn, unknown> = {
		...plainCells(site, areaName),
		isOpen24h: site.isOpen24h ? true : null,
		entryMethods: site.entryMethods,
		facilities: site.facilities,
		services: site.services,
		honours: site.honours
	};
	const [lngHeader, latHeader] = WGS84_HEADERS.en;
	return {
		...Object.fromEntries(columnsOf(terms).map((column) => [headerOf(column, 'en'), cells[column]])),
		[lngHeader]: site.lng,
		[latHeader]: site.lat
	};
}

type PlainColumn = Exclude<ExportColumn, 'isOpen24h' | 'entryMethods' | 'facilities' | 'services' | 'honours'>;

function plainCells(site: RegisteredSite, areaName: (code: string) => string): Record<PlainColumn, ExportCell> {
	const { districtCode, streetCode } = site;
	const hasOriginal = site.originalLng !== null && site.originalLat !== null;
	const datum = hasOriginal ? site.datum : 'wgs84';
	return {
		code: site.code,
		externalCode: site.externalCode,
		name: site.name,
		alias: site.alias,
		kind: site.kind,
		lifecycle: site.lifecycle,
		form: site.form,
		ownership: site.ownership,
		hostType: site.hostType,
		district: districtCode === null ? null : areaName(districtCode),
		districtCode,
		street: streetCode === null ? null : areaName(streetCode),
		streetCode,
		address: site.address,
		lng: hasOriginal ? site.originalLng : site.lng,
		lat: hasOriginal ? site.originalLat : site.lat,
		datum: site.lng === null ? null : datum,
		hoursText: site.hoursText,
		capacity: site.capacity,
		floorAreaM2: site.floorAreaM2,
		openedOn: site.openedOn,
		star: site.star,
		phone: site.phone,
		keeperRole: site.keeperRole,
		telemetry: site.telemetry,
		periodSeconds: site.periodSeconds,
		note: site.note
	};
}

function entryText(methods: readonly string[]): string | null {
	const read = (text: string) => [...new Set((listOf(text) ?? []).map((word) => entryMethodOf(word) ?? word))];
	return listText(
		methods.map((method) => ENTRY_WORDS.get(method) ?? method),
		methods,
		read
	);
}

/** `a;b` where an import would read the same values from it, else the values as JSON, which it reads exactly. */
function listText(
	words: readonly string[],
	values: readonly unknown[],
	read: (text: string) => readonly unknown[] | null
): string | null {
	if (values.length === 0) return null;
	const text = words.join(';');
	return isDeepStrictEqual(read(text), values) ? text : JSON.stringify(values);
}

/** Name of an area by its code. */
export function areaNames(areas: readonly Area[]): (code: string) => string {
	const names = new Map(areas.map(({ code, name }) => [code, name]));
	return (code) => names.get(code) ?? code;
}
