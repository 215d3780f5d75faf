/**
 * Stations that the press has described by name (docs/glossary.md, "sample stations"). Their districts, hours and
 * fittings are as described; where a description names no street, the choice is noted.
 */
export interface NamedStation {
	readonly name: string;
	readonly alias?: string;
	readonly street: string;
	readonly address: string;
	readonly hostType: string;
	readonly ownership: 'union' | 'shared';
	readonly telemetry: 'live' | 'manual';
	readonly hoursText: string;
	readonly floorAreaM2: number;
	readonly entryMethods: readonly string[];
	readonly facilities: readonly string[];
	readonly services: readonly string[];
}

const BASICS = ['饮水机', '微波炉', '冰箱', '空调', 'WiFi', '多功能插座', '灭火器', '应急药箱'];
const SMART = ['一键报警', '对讲', '监控', '自助门禁'];

export const NAMED_STATIONS: readonly NamedStation[] = [
	{
		name: '钱桥职教园工会驿站',
		street: '320206003',
		address: '无锡市惠山区钱桥街道职教园（沿街商铺改建）',
		hostType: '工会自建',
		ownership: 'union',
		telemetry: 'live',
		hoursText: '24小时',
		floorAreaM2: 30,
		entryMethods: ['face', 'id_card', 'qr', 'remote', 'manual'],
		facilities: [...BASICS, '电视', '阅读架', '爱心柜', ...SMART],
		services: ['歇脚休息', '饮水加热', '充电', '应急救助']
	},
	{
		name: '张泾社区工会驿站',
		street: '320205105',
		address: '无锡市锡山区锡北镇张泾社区',
		hostType: '党群服务中心',
		ownership: 'shared',
		telemetry: 'live',
		hoursText: '08:00-20:00',
		floorAreaM2: 36,
		entryMethods: ['face', 'qr', 'remote', 'manual'],
		facilities: [...BASICS, ...SMART],
		services: ['歇脚休息', '饮水加热', '充电', '法律咨询']
	},
	{
		name: '刹一脚工会驿站',
		alias: '江阴印象汇驿站',
		street: '320281001',
		address: '江阴市澄江街道印象汇',
		hostType: '商业综合体',
		ownership: 'shared',
		telemetry: 'live',
		hoursText: '08:00-22:00',
		floorAreaM2: 40,
		entryMethods: ['qr', 'face', 'remote', 'manual'],
		facilities: [...BASICS, '智能取餐柜', ...SMART],
		services: ['歇脚休息', '饮水加热', '充电', '骑手之家']
	},
	{
		name: '崇安寺街道工会驿站',
		alias: '红豆万花城驿站',
		street: '320213021',
		address: '无锡市梁溪区崇安寺街道红豆万花城',
		hostType: '商业综合体',
		ownership: 'shared',
		telemetry: 'live',
		hoursText: '08:00-20:00',
		floorAreaM2: 45,
		entryMethods: ['qr', 'id_card', 'remote', 'manual'],
		facilities: [...BASICS, '阅读架', ...SMART],
		services: ['歇脚休息', '饮水加热', '充电', '心理疏导']
	},
	{
		// The description says 新吴区 only; 旺庄街道 is its busiest street.
		name: '欣鸿商业街工会驿站',
		street: '320214050',
		address: '无锡市新吴区旺庄街道欣鸿商业街',
		hostType: '工会自建',
		ownership: 'union',
		telemetry: 'live',
		hoursText: '24小时',
		floorAreaM2: 32,
		entryMethods: ['face', 'qr', 'id_card', 'remote', 'manual'],
		facilities: [...BASICS, ...SMART],
		services: ['歇脚休息', '饮水加热', '充电']
	},
	{
		name: '人民南路工会驿站',
		street: '320282001',
		address: '宜兴市宜城街道人民南路',
		hostType: '工会自建',
		ownership: 'union',
		telemetry: 'live',
		hoursText: '24小时',
		floorAreaM2: 28,
		entryMethods: ['qr', 'face', 'remote', 'manual'],
		facilities: [...BASICS, '换电柜', ...SMART],
		services: ['歇脚休息', '饮水加热', '电动车换电']
	},
	{
		// The description names no district; 长安街道 of 惠山区 is a choice of the demo.
		name: '玉泉公园工会驿站',
		street: '320206002',
		address: '无锡市惠山区长安街道玉泉公园',
		hostType: '公园',
		ownership: 'shared',
		telemetry: 'manual',
		hoursText: '05:30-20:00',
		floorAreaM2: 35,
		entryMethods: ['manual'],
		facilities: BASICS,
		services: ['歇脚休息', '饮水加热', '免费早餐']
	},
	{
		name: '云亭“云小驿”工会驿站',
		alias: '云小驿',
		street: '320281005',
		address: '江阴市云亭街道',
		hostType: '工会自建',
		ownership: 'union',
		telemetry: 'live',
		hoursText: '24小时',
		floorAreaM2: 50,
		entryMethods: ['face', 'qr', 'id_card', 'remote', 'manual'],
		facilities: [...BASICS, '阅读架', '爱心柜', ...SMART],
		services: ['歇脚休息', '饮水加热', '充电', '志愿服务']
	}
];
