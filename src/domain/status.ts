/**
 * Status of a site, derived from what was last reported of its door and from its posted hours [ST1]–[ST5].
 *
 * What counts as a report: the newest `station.opened` or `station.closed`. A live site's report holds while the site
 * gives signs of life (up to 3 periods); a keeper's "opened" holds until the next posted closing, a keeper's "closed"
 * until the next posted change of hours, both at most 24 h.
 * Inside posted hours a site without a valid report is unknown, never open. Outside them nothing is promised, so a
 * site that does not report otherwise is closed as planned.
 */
import { STALE_AFTER_PERIODS } from './freshness.ts';
import { isPostedOpen, nextHoursChange } from './hours.ts';
import type { Site } from './site.ts';
import { STATUS } from './table.ts';

/** What the newest report says of the door. */
export const DOOR = { unreported: 0, opened: 1, closed: 2, closedPlanned: 3 } as const;

/** A keeper's word holds for a day at most [ST3]. */
const REPORT_HOLDS_MS = 86_400_000;

export interface DoorReport {
	/** one of DOOR */
	readonly door: number;
	readonly reportedAtMs: number;
	/** newest event of any type, 0 = never */
	readonly seenAtMs: number;
}

export interface StatusVerdict {
	/** one of STATUS */
	status: number;
	/** Whether it follows from the report, not from posted hours or from silence */
	isReported: boolean;
	/** When time alone may change it; Infinity = never */
	dueAtMs: number;
}

/** Judges the status at `nowMs` and says when to look again. */
export function judgeStatus(site: Site, report: DoorReport, nowMs: number): StatusVerdict {
	const posted = isPostedOpen(site.hours, site.hoursExceptions, nowMs);
	const change = nextChange(site, nowMs);
	const holdsUntil = reportHoldsUntil(site, report);
	if (report.door !== DOOR.unreported && nowMs < holdsUntil) {
		return { status: reportedStatus(report.door, posted), isReported: true, dueAtMs: Math.min(change, holdsUntil) };
	}
	return { status: posted === false ? STATUS.closed_planned : STATUS.unknown, isReported: false, dueAtMs: change };
}

/** `nextHoursChange` looks 8 days ahead; an exception may lie further, so the question is asked again in time. */
const LOOK_AGAIN_MS = 7 * 86_400_000;

function nextChange({ hours, hoursExceptions }: Site, nowMs: number): number {
	const isSilent = hours === null && hoursExceptions.length === 0;
	return (
		nextHoursChange(hours, hoursExceptions, nowMs) ?? (isSilent ? Number.POSITIVE_INFINITY : nowMs + LOOK_AGAIN_MS)
	);
}

function reportedStatus(door: number, posted: boolean | null): number {
	if (door === DOOR.opened) return STATUS.open;
	if (door === DOOR.closedPlanned || posted === false) return STATUS.closed_planned;
	return STATUS.closed_unplanned;
}

function reportHoldsUntil(site: Site, report: DoorReport): number {
	if (site.telemetry === 'live' && site.periodSeconds !== null) {
		return report.seenAtMs + STALE_AFTER_PERIODS * site.periodSeconds * 1000;
	}
	const { hours, hoursExceptions } = site;
	const { door, reportedAtMs } = report;
	let change = nextHoursChange(hours, hoursExceptions, reportedAtMs);
	// Opened before the posted hour: the word holds for the interval that follows, not only up to its beginning.
	const isEarly = door === DOOR.opened && isPostedOpen(hours, hoursExceptions, reportedAtMs) === false;
	if (isEarly && change !== null) change = nextHoursChange(hours, hoursExceptions, change);
	return Math.min(change ?? Number.POSITIVE_INFINITY, reportedAtMs + REPORT_HOLDS_MS);
}
