/** What a site offers: rooms, fittings, services, ways in. */
import type { SiteKind, Telemetry } from '#domain/site.ts';
import type { Random } from './random.ts';

export interface Fittings {
	readonly floorAreaM2: number;
	readonly entryMethods: readonly string[];
	readonly facilities: readonly string[];
	readonly services: readonly string[];
}

const STATION_BASICS = ['饮水机', '微波炉', '空调', '多功能插座', '应急药箱'];
const STATION_EXTRAS = [
	'冰箱',
	'WiFi',
	'电视',
	'阅读架',
	'爱心柜',
	'灭火器',
	'充气工具',
	'雨伞',
	'针线包',
	'血压计',
	'AED'
];
const STATION_SMART = ['自助门禁', '监控', '一键报警', '对讲'];
const STATION_SERVICES = [
	'法律咨询',
	'心理疏导',
	'技能培训',
	'入会服务',
	'义诊',
	'理发',
	'低价餐食',
	'爱心互献',
	'电动车换电'
];

export function fittingsOf(kind: SiteKind, telemetry: Telemetry, random: Random): Fittings {
	if (kind === 'nursing_room') return nursingRoom(random);
	if (kind === 'carnation_station') return carnationStation(random);
	const isSmart = telemetry === 'live';
	const extras = random.shuffled(STATION_EXTRAS).slice(0, random.integer(2, 6));
	return {
		floorAreaM2: random.integer(isSmart ? 18 : 10, isSmart ? 60 : 50),
		entryMethods: isSmart ? smartEntry(random) : ['manual'],
		facilities: [...STATION_BASICS, ...extras, ...(isSmart ? STATION_SMART : [])],
		services: ['歇脚休息', '饮水加热', '充电', ...random.shuffled(STATION_SERVICES).slice(0, random.integer(0, 3))]
	};
}

/** Always a way in without a smartphone: identity card or a call to the back office. */
function smartEntry(random: Random): string[] {
	const methods = ['qr', ...(random.chance(0.6) ? ['face'] : []), ...(random.chance(0.7) ? ['id_card'] : []), 'remote'];
	return random.chance(0.8) ? [...methods, 'manual'] : methods;
}

function carnationStation(random: Random): Fittings {
	const services = ['女职工关爱', '健康讲座', '心理疏导', '维权咨询', '亲子活动', '婚恋交友'];
	return {
		floorAreaM2: random.integer(15, 60),
		entryMethods: ['manual'],
		facilities: ['饮水机', '空调', '阅读架', ...(random.chance(0.5) ? ['哺乳椅', '冰箱'] : [])],
		services: random.shuffled(services).slice(0, random.integer(2, 4))
	};
}

/** No cameras, ever: the law forbids them here. */
function nursingRoom(random: Random): Fittings {
	const extras = random.shuffled(['热水器', '冰箱', '消毒柜', '空气净化器', '绿植', '呼叫铃']);
	return {
		floorAreaM2: random.integer(6, 15),
		entryMethods: ['manual'],
		facilities: ['门锁', '哺乳椅', '尿布台', '洗手台', '安全带', ...extras.slice(0, random.integer(1, 4))],
		services: ['哺乳', '婴儿护理']
	};
}
