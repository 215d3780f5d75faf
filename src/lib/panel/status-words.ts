/** The words of fixed choices, in the language of the page. Functions: the language is known when a page is shown. */
import type { Freshness } from '#domain/freshness.ts';
import type { SiteKind } from '#domain/site.ts';
import type { Status } from '#domain/table.ts';
import type { StationView } from '#domain/view.ts';
import { m } from '#lib/paraglide/messages.js';

export const KIND_WORD: Record<SiteKind, () => string> = {
	service_station: m.figure_kind_service_station,
	carnation_station: m.figure_kind_carnation_station,
	nursing_room: m.figure_kind_nursing_room,
	driver_home: m.figure_kind_driver_home
};

export const STATUS_WORD: Record<Status, () => string> = {
	open: m.figure_status_open,
	closed_planned: m.figure_status_closed_planned,
	closed_unplanned: m.figure_status_closed_unplanned,
	unknown: m.figure_status_unknown
};

export const FRESHNESS_WORD: Record<Freshness, () => string> = {
	none: m.figure_freshness_none,
	fresh: m.figure_freshness_fresh,
	late: m.figure_freshness_late,
	stale: m.figure_freshness_stale
};

export const TELEMETRY_WORD: Record<StationView['telemetry'], () => string> = {
	live: m.place_telemetry_live,
	manual: m.place_telemetry_manual,
	none: m.place_telemetry_none
};

export const LIFECYCLE_WORD: Record<StationView['lifecycle'], () => string> = {
	planned: m.place_lifecycle_planned,
	open: m.place_lifecycle_open,
	suspended: m.place_lifecycle_suspended,
	closed: m.place_lifecycle_closed,
	merged: m.place_lifecycle_merged
};
