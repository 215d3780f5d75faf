/**
 * Every Chinese word that the pages show, in one place, so that a second language can be put beside it.
 * Words with figures in them are functions.
 */
import type { Freshness } from '#domain/freshness.ts';
import type { SiteKind } from '#domain/site.ts';
import type { Status } from '#domain/table.ts';

export const NOT_KNOWN = '–';

const KIND: Record<SiteKind, string> = {
	service_station: '工会驿站',
	carnation_station: '康乃馨服务站',
	nursing_room: '爱心母婴室',
	driver_home: '司机之家'
};

const STATUS: Record<Status, string> = {
	open: '开放',
	closed_planned: '按时关闭',
	closed_unplanned: '应开未开',
	unknown: '状态未知'
};

const FRESHNESS: Record<Freshness, string> = { none: '无数据', fresh: '正常', late: '迟到', stale: '过期' };

export const words = {
	kind: KIND,
	status: STATUS,
	freshness: FRESHNESS,
	weekdays: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
	age: {
		seconds: (count: number) => `${count} 秒`,
		minutes: (count: number) => `${count} 分`,
		hours: (count: number) => `${count} 小时`,
		days: (count: number) => `${count} 天`
	},
	tenThousands: (count: string) => `${count}万`,
	connection: {
		connecting: '连接中',
		live: '实时',
		interrupted: '断线',
		refused: '版本不符，请刷新'
	},
	oldest: {
		label: '最旧数据',
		late: (count: number) => `${count} 源迟到`,
		stale: (count: number) => `${count} 源过期`
	},
	demo: { mark: '演示数据', explanation: '模拟城市，非真实运行数据' },
	kpi: {
		stations: '在营驿站',
		open: '此刻开放',
		closedUnplanned: '应开未开',
		unknown: '状态未知',
		visitsToday: '今日服务',
		insideNow: '此刻在站',
		devicesOnline: '设备在线',
		unitStations: '站',
		unitVisits: '人次',
		unitPeople: '人',
		share: (percent: string) => `占 ${percent}`,
		offline: (count: string) => `${count} 台离线`
	},
	wall: {
		title: (city: string) => `${city}总工会 实时运行`,
		districts: '区县排行',
		district: '区县',
		stations: '在营',
		open: '开放',
		closed: '未开',
		visits: '今日服务',
		busiest: '今日服务最多的驿站',
		noVisits: '今天还没有服务记录',
		statuses: '驿站状态',
		closedLong: '应开未开',
		noneClosed: '没有应开未开的驿站',
		closedCount: (count: string) => `共 ${count} 站`,
		changes: '最近变化',
		noChanges: '还没有状态变化',
		sources: '数据来源',
		noSources: '还没有数据来源上报',
		moreSources: (count: number) => `还有 ${count} 个来源`,
		waiting: '正在等待第一份数据…',
		telemetry: (fresh: number, reporting: number) => `智能驿站 ${fresh}/${reporting} 正常上报`
	},
	map: {
		label: (count: number) => `地图：${count} 个驿站，颜色与形状表示状态`,
		failed: '地图未能加载，请刷新页面。',
		unplaced: (count: number) => `${count} 站无坐标，未在图上`,
		zoomIn: '放大',
		zoomOut: '缩小'
	},
	card: {
		close: '关闭',
		details: '查看驿站',
		since: (age: string) => `已 ${age}`,
		seen: (age: string) => `${age}前上报`,
		neverSeen: '从未上报'
	},
	station: {
		back: '返回大屏',
		area: '所属',
		status: '状态',
		inside: '此刻在站',
		visits: '今日服务',
		temperature: '温度',
		humidity: '湿度',
		co2: '二氧化碳',
		mains: '市电',
		mainsOn: '正常',
		mainsLost: '断电',
		devices: '设备',
		noDevices: '没有上报的设备',
		supplies: '物资',
		noSupplies: '没有上报的物资',
		device: '设备',
		deviceKind: '类别',
		deviceState: '状态',
		withReason: (state: string, reason: string) => `${state}（${reason}）`,
		item: '物资',
		quantity: '数量',
		expires: '有效期至',
		expired: '已过期',
		updated: '更新于',
		ago: (age: string) => `${age}前`,
		waiting: '正在等待这个驿站的数据…',
		refused: (message: string) => `服务器没有给出这个驿站：${message}`,
		telemetry: { live: '设备自动上报', manual: '管理员填报', none: '无人上报' },
		telemetryLabel: '上报方式',
		lifecycle: { planned: '筹建', open: '在营', suspended: '暂停', closed: '关闭', merged: '已合并' },
		lifecycleLabel: '运营',
		title: (name: string) => `${name} · 驿站`
	},
	/** known names of device kinds; others are shown as they come */
	deviceKind: {
		gateway: '网关',
		door: '门禁',
		sos: '一键报警',
		intercom: '对讲',
		smoke: '烟感',
		leak: '水浸',
		power: '电力',
		temperature: '温度',
		humidity: '湿度',
		co2: '二氧化碳',
		people: '客流',
		light: '照明',
		air_conditioner: '空调',
		screen: '信息屏',
		camera: '摄像头',
		locker: '智能柜',
		swap_cabinet: '换电柜',
		aed: 'AED'
	} as Record<string, string>,
	/** known names of device states; others are shown as they come */
	deviceState: { online: '在线', offline: '离线', fault: '故障' } as Record<string, string>,
	data: {
		title: '数据质量',
		asOf: (age: string) => `${age}前读取`,
		refusedCounts: '未接收的事件（本次启动以来，按原因）',
		latest: '最近未接收的事件',
		reason: '原因代码',
		door: '入口',
		count: '条数',
		at: '时间',
		message: '说明与处理办法',
		none: '没有未接收的事件',
		sources: '数据来源',
		source: '来源',
		period: '应报周期',
		lastSeen: '最近上报'
	},
	error: {
		unknownStation: (code: string) => `没有编码为“${code}”的驿站`,
		unknownStationAdvice:
			'请核对编码；如果它是新建的驿站，请先用命令 npm run cli -- import stations 导入驿站名册，再刷新本页。',
		notFound: '没有这个页面',
		notFoundAdvice: '请核对网址，或返回大屏。',
		failed: '页面出错了',
		failedAdvice: '请稍后刷新；如果一直出现，请把时间和网址告诉管理员。',
		back: '返回大屏'
	}
};
