/**
 * Where stations of this kind really are: banks, party-service centres, parcel hubs, parks … with the hours such a
 * host keeps. Shares follow what federations report: most stations are shared, few are the union's own (domain §1.2).
 */
import type { Random } from './random.ts';

export interface Host {
	/** 主办/共建单位类型, as a registry would name it */
	readonly type: string;
	readonly ownership: 'union' | 'shared';
	readonly weight: number;
	/** Name of the place; `{s}` = street without 街道/镇, `{w}` = a local word */
	readonly names: readonly string[];
	readonly hours: readonly string[];
}

const OFFICE_HOURS = ['08:00-18:00', '周一至周五 08:30-17:30', '周一至周日 08:00-18:00'];
const LONG_HOURS = ['08:00-20:00', '07:30-20:00', '08:00-21:00'];

export const STATION_HOSTS: readonly Host[] = [
	{
		type: '党群服务中心',
		ownership: 'shared',
		weight: 24,
		names: ['{s}{w}社区党群服务中心', '{s}{w}村党群服务中心'],
		hours: OFFICE_HOURS
	},
	{
		type: '银行网点',
		ownership: 'shared',
		weight: 14,
		names: [
			'农业银行{s}{w}支行',
			'江苏银行{s}{w}支行',
			'建设银行{s}{w}支行',
			'无锡农商行{s}{w}支行',
			'邮储银行{s}{w}支行'
		],
		hours: ['周一至周五 08:30-17:00', '周一至周五 08:30-16:30']
	},
	{
		type: '通信营业厅',
		ownership: 'shared',
		weight: 7,
		names: ['中国移动{s}{w}营业厅', '中国电信{s}{w}营业厅', '中国联通{s}{w}营业厅'],
		hours: ['08:30-18:00', '08:30-17:30']
	},
	{
		type: '环卫站',
		ownership: 'shared',
		weight: 11,
		names: ['{s}{w}路环卫作息站', '{s}{w}环卫所'],
		hours: ['05:00-20:00', '06:00-18:00', '08:00-18:00']
	},
	{
		type: '快递网点',
		ownership: 'shared',
		weight: 7,
		names: ['顺丰{s}{w}营业部', '中通快递{s}{w}网点', '韵达快递{s}{w}分拨中心', '京东物流{s}{w}营业部'],
		hours: ['24小时', '07:00-22:00', '08:00-20:00']
	},
	{
		type: '商业综合体',
		ownership: 'shared',
		weight: 8,
		names: ['{s}{w}广场', '{s}{w}生活广场', '{s}{w}商业街'],
		hours: ['10:00-22:00', '09:00-21:00']
	},
	{ type: '公园', ownership: 'shared', weight: 6, names: ['{s}{w}公园', '{s}{w}湿地公园'], hours: LONG_HOURS },
	{
		type: '农贸市场',
		ownership: 'shared',
		weight: 5,
		names: ['{s}{w}农贸市场', '{s}{w}菜市场'],
		hours: ['05:30-18:30', '06:00-18:00']
	},
	{
		type: '产业园区',
		ownership: 'shared',
		weight: 9,
		names: ['{s}{w}科技产业园', '{s}{w}智造园', '{s}{w}物流园'],
		hours: LONG_HOURS
	},
	{
		type: '加油站',
		ownership: 'shared',
		weight: 4,
		names: ['中石化{s}{w}加油站', '中石油{s}{w}加油站'],
		hours: ['24小时', '06:00-22:00']
	},
	{
		type: '便民服务中心',
		ownership: 'shared',
		weight: 5,
		names: ['{s}{w}便民服务中心', '{s}{w}城管服务站'],
		hours: ['周一至周五 09:00-17:00', '周一至周五 08:30-11:30,13:30-17:30']
	},
	{
		type: '工会自建',
		ownership: 'union',
		weight: 9,
		names: ['{s}{w}路', '{s}{w}职工服务中心', '{s}{w}路口'],
		hours: [...LONG_HOURS, '24小时']
	}
];

/** Metro stations stand in the inner districts only. */
export const METRO_HOST: Host = {
	type: '地铁站',
	ownership: 'shared',
	weight: 5,
	names: ['地铁{s}{w}站'],
	hours: ['06:00-22:30', '08:00-20:00']
};

export const CARNATION_HOSTS: readonly Host[] = [
	{
		type: '产业园区',
		ownership: 'shared',
		weight: 40,
		names: ['{s}{w}科技产业园', '{s}{w}纺织产业园', '{s}{w}电子产业园', '{s}{w}智造园'],
		hours: ['周一至周五 08:30-17:30', '08:00-18:00']
	},
	{
		type: '社区',
		ownership: 'shared',
		weight: 32,
		names: ['{s}{w}社区', '{s}{w}村'],
		hours: ['周一至周五 08:30-17:30']
	},
	{
		type: '医院',
		ownership: 'shared',
		weight: 14,
		names: ['{s}{w}社区卫生服务中心', '{s}{w}医院'],
		hours: ['周一至周五 08:00-17:00']
	},
	{
		type: '学校',
		ownership: 'shared',
		weight: 14,
		names: ['{s}{w}小学', '{s}{w}幼儿园'],
		hours: ['周一至周五 08:00-17:00']
	}
];

export const NURSING_HOSTS: readonly Host[] = [
	{
		type: '商业综合体',
		ownership: 'shared',
		weight: 34,
		names: ['{s}{w}广场', '{s}{w}购物中心'],
		hours: ['10:00-22:00']
	},
	{
		type: '医院',
		ownership: 'shared',
		weight: 26,
		names: ['{s}{w}医院', '{s}{w}社区卫生服务中心'],
		hours: ['24小时', '08:00-17:30']
	},
	{
		type: '便民服务中心',
		ownership: 'shared',
		weight: 22,
		names: ['{s}{w}便民服务中心', '{s}{w}政务服务大厅'],
		hours: ['周一至周五 09:00-17:00']
	},
	{ type: '景区', ownership: 'shared', weight: 10, names: ['{s}{w}公园', '{s}{w}游客中心'], hours: ['08:30-17:00'] },
	{
		type: '交通站点',
		ownership: 'shared',
		weight: 8,
		names: ['{s}{w}客运站', '{s}{w}公交首末站'],
		hours: ['06:00-20:00']
	}
];

/** Words such as Wuxi's communities and roads carry. */
const LOCAL_WORDS = [
	...['春潮', '映月', '芙蓉', '柏庄', '新联', '塘南', '双桥', '东风', '广瑞', '景云', '长泰', '北塘', '龙塘', '银杏'],
	...['青山', '稻香', '隐秀', '锦园', '金星', '金马', '沁园', '五星', '槐古', '永乐', '风雷', '尤渡', '向阳', '盛岸'],
	...['丽新', '凤翔', '水秀', '望山', '香梅', '叙丰', '春江', '云林', '柏木', '新华', '团结', '友谊', '长江', '泰山'],
	...['珠江', '锡东', '科创', '华夏', '学府', '观山', '吉祥', '红星', '建设', '迎宾', '桥南', '园丁', '兴业', '安康']
] as const;

export interface Place {
	readonly name: string;
	readonly word: string;
}

/** A place of this host in a street that `isFree`: its name is nobody else's. Throws when names run out. */
export function choosePlace(host: Host, street: string, random: Random, isFree: (name: string) => boolean): Place {
	for (let attempt = 0; attempt < 200; attempt++) {
		const word = random.pick(LOCAL_WORDS);
		const name = random.pick(host.names).replace('{s}', street).replace('{w}', word);
		if (isFree(name)) return { name, word };
	}
	throw new Error(`No free name is left for a ${host.type} in ${street}: add local words.`);
}
