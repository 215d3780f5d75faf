/** Which column of a file says what: headers in Chinese and English, as federations and platforms write them. */

const SYNONYMS = {
	code: [
		'编号',
		'编码',
		'站点编号',
		'站点编码',
		'驿站编号',
		'驿站编码',
		'代码',
		'code',
		'station_id',
		'station_code',
		'site_code',
		'id'
	],
	externalCode: ['外部编码', '外部编号', '省平台编码', '平台编码', 'ext_code', 'external_code', 'external_id'],
	name: ['名称', '站点名称', '驿站名称', '站名', '站点', '驿站', 'name', 'station_name', 'station', 'site_name'],
	alias: ['别名', '简称', 'alias', 'short_name'],
	kind: ['类型', '类别', '站点类型', '驿站类型', '阵地类型', 'kind', 'type', 'station_type'],
	form: ['形式', '站点形式', 'form'],
	ownership: ['产权', '建设方式', '建设性质', 'ownership'],
	hostType: ['依托类型', '依托单位类型', '共建单位类型', 'host_type'],
	district: [
		'区',
		'区县',
		'区/县',
		'县区',
		'市区',
		'市(县)区',
		'所属区',
		'所属区县',
		'所在区',
		'所在区县',
		'行政区',
		'行政区划',
		'板块',
		'district',
		'county'
	],
	districtCode: ['区县代码', '区划代码', '行政区划代码', '区代码', 'district_code', 'adcode'],
	street: [
		'街道',
		'镇',
		'街道/镇',
		'镇街',
		'镇/街道',
		'镇(街道)',
		'乡镇',
		'乡镇街道',
		'所属街道',
		'所在街道',
		'街镇',
		'street',
		'town',
		'subdistrict'
	],
	streetCode: ['街道代码', '镇街代码', '乡镇代码', 'street_code', 'town_code'],
	address: ['地址', '详细地址', '站点地址', '具体地址', '所在地址', '位置', 'address', 'addr', 'location'],
	lng: ['经度', '东经', 'lng', 'lon', 'long', 'longitude', 'geometry.lng'],
	lat: ['纬度', '北纬', 'lat', 'latitude', 'geometry.lat'],
	lngLat: ['坐标', '经纬度', '坐标(经度,纬度)', 'lnglat', 'lng_lat', 'coordinates', 'coordinate'],
	datum: ['坐标系', '坐标系统', '坐标类型', 'datum', 'crs', 'coordinate_system'],
	floorAreaM2: ['面积', '建筑面积', '使用面积', '面积平方米', 'floor_area', 'floor_area_m2', 'area_m2'],
	capacity: ['容纳人数', '可容纳人数', '座位', '座位数', '容量', 'capacity', 'seats'],
	openedOn: [
		'启用日期',
		'启用时间',
		'建成时间',
		'建成日期',
		'成立时间',
		'投用时间',
		'opened_on',
		'opening_date',
		'open_date'
	],
	lifecycle: ['状态', '站点状态', '运营状态', '运行状态', '使用状态', 'status', 'lifecycle', 'state'],
	hoursText: [
		'开放时间',
		'营业时间',
		'服务时间',
		'开放时段',
		'开放时间段',
		'open_hours',
		'opening_hours',
		'hours',
		'business_hours'
	],
	isOpen24h: [
		'24小时',
		'是否24小时',
		'24小时开放',
		'是否24小时开放',
		'24h',
		'is24h',
		'is_24h',
		'open_24h',
		'is_open_24h'
	],
	entryMethods: [
		'进入方式',
		'进站方式',
		'开门方式',
		'入站方式',
		'门禁方式',
		'entry_methods',
		'entry_method',
		'entry',
		'access'
	],
	facilities: ['设施', '服务设施', '设施设备', '配套设施', '设备', 'facilities', 'facility', 'equipment', 'amenities'],
	services: ['服务', '服务内容', '服务项目', '特色服务', 'services', 'service'],
	honours: ['荣誉', '荣誉称号', '所获荣誉', '获得荣誉', 'honours', 'honors', 'awards'],
	star: ['星级', '星级评定', 'star', 'stars', 'star_rating'],
	phone: [
		'电话',
		'联系电话',
		'办公电话',
		'服务电话',
		'固定电话',
		'联系方式',
		'contact_phone',
		'phone',
		'telephone',
		'tel'
	],
	keeperRole: [
		'管理人',
		'管理人员',
		'管理单位',
		'负责人',
		'联系人',
		'责任单位',
		'管理员',
		'站长',
		'manager',
		'keeper',
		'keeper_role',
		'contact'
	],
	telemetry: ['遥测', '数据类别', '数据方式', '智能化', '是否智能', '智能站', 'telemetry', 'telemetry_class'],
	periodSeconds: ['上报周期', '上报周期秒', 'period_seconds', 'heartbeat_seconds'],
	note: ['备注', '说明', '描述', '简介', '介绍', 'description', 'note', 'notes', 'remark', 'remarks']
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof SYNONYMS;

export interface ColumnMapping {
	/** Header of each column in file order */
	readonly headers: readonly string[];
	/** Place of each known column, from 0 */
	readonly places: ReadonlyMap<Column, number>;
	/** Headers that say nothing the registry keeps, or repeat one that does */
	readonly ignored: readonly string[];
}

const COLUMN_BY_HEADER = new Map(
	Object.entries(SYNONYMS).flatMap(([column, names]) =>
		names.map((name) => [plainHeader(name), column as Column] as const)
	)
);

export const IMPORT_COLUMNS = Object.keys(SYNONYMS) as Column[];

/** What a column is called in the files that we write: the first header of each language. */
export function headerOf(column: Column, language: 'zh' | 'en'): string {
	const names: readonly string[] = SYNONYMS[column];
	return names.find((name) => /^[\x20-\x7e]+$/.test(name) === (language === 'en')) ?? column;
}

/** Finds the known columns among headers. Case, spaces, signs and full-width forms do not matter; the first one wins. */
export function mapColumns(headers: readonly string[]): ColumnMapping {
	return mappingOf(headers, guessColumns(headers));
}

/** The column of each header; null where it says nothing the registry keeps, or repeats one that does. */
export function guessColumns(headers: readonly string[]): (Column | null)[] {
	const guesses = headers.map(columnOf);
	// The point of a feature is asked only where no property gives coordinates: the two may be of different datums.
	const hasOwnPlace = headers.some((header, place) => isPlace(guesses[place]) && !isOfGeometry(header));
	return guesses.map((guess, place) => {
		const isRepeated = guess === null || guesses.indexOf(guess) < place;
		const isOutdone = hasOwnPlace && isOfGeometry(headers[place] ?? '');
		return isRepeated || isOutdone ? null : guess;
	});
}

const isPlace = (column: Column | null | undefined): boolean =>
	column === 'lng' || column === 'lat' || column === 'lngLat';
const isOfGeometry = (header: string): boolean => header.startsWith('geometry.');

/** A mapping as a person chose it: one entry per header, each column at most once. */
export function mappingOf(headers: readonly string[], chosen: readonly (Column | null)[]): ColumnMapping {
	const places = new Map<Column, number>();
	const ignored: string[] = [];
	headers.forEach((header, place) => {
		const column = chosen[place] ?? null;
		if (column !== null && !places.has(column)) places.set(column, place);
		else if (header.trim() !== '') ignored.push(header.trim());
	});
	return { headers, places, ignored };
}

/** A unit or remark in brackets is left off when the whole header is unknown: `面积(㎡)`, `经度（GCJ-02）`. */
function columnOf(header: string): Column | null {
	const whole = COLUMN_BY_HEADER.get(plainHeader(header));
	return whole ?? COLUMN_BY_HEADER.get(plainHeader(header.normalize('NFKC').replace(/\(.*?\)|\[.*?\]/g, ''))) ?? null;
}

function plainHeader(header: string): string {
	return header
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[\s_\-*:/,.()[\]"'、]/g, '');
}
