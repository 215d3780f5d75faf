// What the sources do not say: Chinese names, which piece of water is which, and where a river was left in pieces.
// Set by hand. Another city adds its own entries; places that nobody named here keep their GeoNames name.

/**
 * The water that holds this point has this name. Taken inside the shape as GSHHG draws it, not where a map has it.
 * @type {readonly { zh: string, en: string, at: readonly [number, number] }[]}
 */
export const WATERS = [
	{ zh: '太湖', en: 'Lake Tai', at: [120.1, 31.2] },
	{ zh: '滆湖', en: 'Lake Ge', at: [119.81, 31.6] },
	{ zh: '长荡湖', en: 'Lake Changdang', at: [119.55, 31.61] },
	{ zh: '阳澄湖', en: 'Lake Yangcheng', at: [120.78, 31.405] },
	{ zh: '淀山湖', en: 'Lake Dianshan', at: [120.965, 31.12] },
	{ zh: '长江', en: 'Yangtze', at: [119.25, 32.232] },
	{ zh: '长江', en: 'Yangtze', at: [119.83, 32.13] },
	{ zh: '长江', en: 'Yangtze', at: [119.905, 32.015] },
	{ zh: '长江', en: 'Yangtze', at: [120.9, 31.8] },
	{ zh: '长江', en: 'Yangtze', at: [121.095, 31.85] }
];

/**
 * A line whose nearest point lies within 3 km of this point has this name.
 * @type {readonly { zh: string, en: string, at: readonly [number, number] }[]}
 */
export const COURSES = [
	{ zh: '京杭运河', en: 'Grand Canal', at: [120.3, 31.57] },
	{ zh: '吴淞江', en: 'Wusong River', at: [120.85, 31.3] },
	{ zh: '黄浦江', en: 'Huangpu River', at: [121.05, 31.0] },
	{ zh: '通吕运河', en: 'Tonglü Canal', at: [121.0, 32.06] }
];

/**
 * Straight links where the source leaves a broad river in pieces: our own drawing, ±1 km, nothing to measure by.
 * Lng and lat in order, width in degrees of latitude.
 * @type {readonly { name: string, width: number, line: readonly (readonly [number, number])[] }[]}
 */
export const LINKS = [
	{
		name: '长江',
		width: 0.018,
		line: [
			[119.6, 32.2],
			[119.66, 32.235],
			[119.735, 32.255]
		]
	},
	{
		name: '长江',
		width: 0.016,
		line: [
			[119.865, 32.1],
			[119.893, 32.06],
			[119.905, 32.02],
			[119.955, 31.965],
			[120.07, 31.95]
		]
	}
];

/**
 * Chinese and English names of places by their GeoNames id. A county town carries the name of its county, which is
 * what people look for. `null`: left out of the map, because the source has the place twice or in a wrong spot.
 * @type {Readonly<Record<number, { zh: string, en?: string, county?: true } | null>>}
 */
export const PLACES = {
	1886760: { zh: '苏州' },
	1790923: { zh: '无锡' },
	1785623: { zh: '昆山', county: true },
	7283386: { zh: '常熟', en: 'Changshu', county: true },
	1815456: { zh: '常州' },
	1799722: { zh: '南通' },
	1784642: { zh: '镇江' },
	1806535: { zh: '湖州' },
	7303248: { zh: '嘉善', county: true },
	1815251: { zh: '江阴', county: true },
	1805408: { zh: '通州', en: 'Tongzhou', county: true },
	1786760: { zh: '宜兴', en: 'Yixing', county: true },
	1793533: { zh: '泰兴', county: true },
	1898494: null, // 松陵, 8 km from where it is; 8328215 is the same town
	1802788: { zh: '溧阳', en: 'Liyang', county: true },
	1787331: { zh: '张家港', county: true },
	1784553: { zh: '长兴', en: 'Changxing', county: true },
	1898359: { zh: '木渎' },
	1783920: { zh: '朱家角' },
	1806591: null, // 湖塘, 40 km from where it is; 8411102 is the same town
	1784074: { zh: '周庄' },
	1548325: { zh: '北港' },
	1791604: null, // 魏塘 is the town of 嘉善, which is there
	1793092: { zh: '广德', en: 'Guangde', county: true },
	1793703: { zh: '太仓', en: 'Taicang', county: true },
	1796682: { zh: '扬中', en: 'Yangzhong', county: true },
	1798008: { zh: '七里甸' },
	1799642: { zh: '南浔', county: true },
	1802169: { zh: '潞城' },
	1805639: { zh: '靖江', county: true },
	1808544: { zh: '河埒' },
	6685841: { zh: '虞山' },
	6685846: { zh: '金坛', en: 'Jintan', county: true },
	8266674: { zh: '谷阳' },
	8266677: { zh: '正东路' },
	8327110: { zh: '南禅寺' },
	8327120: { zh: '北大街' },
	8327132: { zh: '崇安寺' },
	8328215: { zh: '吴江', en: 'Wujiang', county: true },
	8328223: { zh: '元和' },
	8328227: { zh: '狮山' },
	8328228: { zh: '双塔' },
	8328229: { zh: '平江路' },
	8328230: { zh: '石路' },
	8394482: { zh: '丹阳', en: 'Danyang', county: true },
	8395335: { zh: '河海' },
	8411102: { zh: '湖塘' },
	8540475: { zh: '堰桥' }
};
