/**
 * The registry knows offices, not persons: personal mobile numbers, identity numbers and names are dropped on the way
 * in, so that no page, export or backup can show them (PIPL art. 6: the least data that will do).
 */

/** 11 digits from 13 to 19, also with separators, +86 or masked with stars. */
const MOBILE = /(?<!\d)(?:\+?86[-\s]?)?1[3-9][\d*][-\s]?[\d*]{4}[-\s]?[\d*]{4}(?![\d*])/g;
const IDENTITY_NUMBER = /(?<!\d)[1-9]\d{16}[\dXx](?!\d)/g;
/** 0371-55269597, (0510)82700000-801, 82700000, 400-810-1234, 12351 */
const OFFICE_LINE =
	/^(?:\(?0\d{2,3}\)?[-\s]?\d{7,8}(?:[-转#]\d{1,6})?|\d{7,8}|[48]00[-\s]?\d{3}[-\s]?\d{4}|[19]\d{4,5})$/;

const OFFICE_ENDING =
	/(?:工会|联合会|街道|社区|居委会|村委会|办事处|政府|委员会|党委|支部|办公室|公司|集团|银行|支行|分行|网点|药房|药店|医院|学校|中心|大厅|营业厅|服务|服务部|物业|企业|门店|超市|商场|酒店|饭店|宾馆|加气站|加油站|驿站|服务站|工作站|车站|大队|中队|支队|单位|部门|项目部|指挥部|园区|开发区|管委会)$/;
/** One sign says too little in a short text: 张科 and 王小村 are people. */
const OFFICE_SIGN = /^.{3,}[局厅办店馆科处村镇乡]$/;
/** A duty without a name is an office as well. */
const DUTY =
	/^(?:驿站|站点|社区|街道|工会|物业)?(?:站长|主任|主席|值班员|值班人员|管理员|工作人员|志愿者|保安|店长|负责人)$/;
const ENGLISH_OFFICE =
	/\b(?:union|office|community|bank|branch|company|centre|center|department|committee|station|desk|hall|street|operator|team)\b/i;

export interface Cleaned {
	readonly text: string | null;
	/** How many parts were left out */
	readonly dropped: number;
}

/** Keeps the office lines among the numbers of a cell. */
export function officePhones(text: string): Cleaned {
	const parts = text
		.normalize('NFKC')
		.split(/[;,、/|\n]+/)
		.map((part) => part.trim())
		.filter((part) => part !== '');
	const kept = parts.filter((part) => OFFICE_LINE.test(part));
	return { text: kept.length > 0 ? kept.join(';') : null, dropped: parts.length - kept.length };
}

/** Keeps the offices among the keepers of a cell; a name of a person is never kept, nor what cannot be told from one. */
export function officeKeeper(text: string): Cleaned {
	const parts = text
		.normalize('NFKC')
		.split(/[\s;,、/|()]+/)
		.filter((part) => part !== '');
	if (/^[\x20-\x7e]+$/.test(text)) return ENGLISH_OFFICE.test(text) ? { text, dropped: 0 } : { text: null, dropped: 1 };
	const kept = parts.filter((part) => OFFICE_ENDING.test(part) || OFFICE_SIGN.test(part) || DUTY.test(part));
	if (kept.length === parts.length) return { text: parts.length > 0 ? text : null, dropped: 0 };
	return { text: kept.length > 0 ? kept.join('/') : null, dropped: parts.length - kept.length };
}

/** Free text without mobile and identity numbers, also those that only meet when one between them is gone. */
export function withoutPersonalNumbers(text: string): Cleaned {
	let dropped = 0;
	const blank = () => (dropped++, '');
	let cleaned = text;
	let before: number;
	do {
		before = dropped;
		cleaned = cleaned.replace(IDENTITY_NUMBER, blank).replace(MOBILE, blank).trim();
	} while (dropped > before);
	return { text: cleaned === '' ? null : cleaned, dropped };
}
