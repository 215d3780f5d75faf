/** One site as a line of the list: what it is, how it stands, how old that is. Pure but for the language of the page. */
import { readValue, type Status } from '#domain/table.ts';
import { siteFreshness, statusOf } from '#domain/view.ts';
import type { Area } from '#domain/site.ts';
import { m } from '#lib/paraglide/messages.js';
import { ageText, NOT_KNOWN, numberText } from '../figure-text.ts';
import { KIND_WORD, STATUS_WORD } from '../status-words.ts';
import type { FilterView } from './filters.ts';
import { needOf } from './need.ts';

export interface SiteLine {
	readonly row: number;
	readonly code: string;
	readonly name: string;
	readonly status: Status;
	/** district and street; kind in front where several are shown */
	readonly place: string;
	/** what is to be seen to, or its status */
	readonly note: string;
	/** the note asks for a look now */
	readonly isAlert: boolean;
	readonly visits: string;
	readonly isStale: boolean;
	readonly isPlaced: boolean;
}

export function siteLine(
	view: FilterView,
	row: number,
	areas: ReadonlyMap<string, Area>,
	hasKinds: boolean
): SiteLine | null {
	const site = view.sites[row];
	if (!site) return null;
	const nameOf = (code: string | null): string => (code === null ? '' : (areas.get(code)?.name ?? ''));
	const words = [hasKinds ? KIND_WORD[site.kind]() : '', nameOf(site.district), nameOf(site.street)];
	const own = siteFreshness(site, view.columns, row, view.nowMs);
	const isStale = own === 'stale' || view.isFeedStale;
	const need = needOf(view, row);
	const visits = readValue(view.columns, 'visitsToday', row);
	return {
		row,
		code: site.code,
		name: site.name,
		status: statusOf(view.columns, row),
		place: words.filter(Boolean).join(' · '),
		note: noteOf(view, row, need),
		isAlert: !isStale && (need === 'closed_unplanned' || need === 'mains_lost'),
		visits: visits === null ? NOT_KNOWN : m.map_page_line_visits({ count: numberText(visits) }),
		isStale,
		isPlaced: site.lng !== null && site.lat !== null
	};
}

function noteOf(view: FilterView, row: number, need: ReturnType<typeof needOf>): string {
	const { columns, nowMs } = view;
	const status = STATUS_WORD[statusOf(columns, row)]();
	const ageOf = (seconds: number | undefined): string => ageText(seconds ? nowMs - seconds * 1000 : null);
	const since = columns.since[row];
	switch (need) {
		case 'closed_unplanned':
			return since ? m.map_page_line_since({ status, age: ageOf(since) }) : status;
		case 'mains_lost':
			return m.map_page_line_mains();
		case 'stale':
			return m.map_page_line_stale({ age: ageOf(columns.seenAt[row]) });
		case 'late':
			return m.map_page_line_late({ age: ageOf(columns.seenAt[row]) });
		case 'devices_offline':
			return m.map_page_line_offline({
				count: (columns.devicesTotal[row] ?? 0) - (columns.devicesOnline[row] ?? 0)
			});
		case 'unknown':
		case 'none':
			return status;
	}
}
