/**
 * A site is any point the federation runs. The registry knows all of it; the live part needs only `Site`.
 * Terms: docs/glossary.md.
 */
import type { HoursException, WeeklyHours } from './hours.ts';

export const SITE_KINDS = ['service_station', 'carnation_station', 'nursing_room', 'driver_home'] as const;
/** 工会驿站 · 康乃馨服务站 · 爱心母婴室 · 司机之家 */
export type SiteKind = (typeof SITE_KINDS)[number];

export const TELEMETRY_CLASSES = ['live', 'manual', 'none'] as const;
/** live: devices report by themselves · manual: a keeper reports · none: nobody does, so nothing is known */
export type Telemetry = (typeof TELEMETRY_CLASSES)[number];

export const LIFECYCLES = ['planned', 'open', 'suspended', 'closed', 'merged'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

export const DATUMS = ['wgs84', 'cgcs2000', 'gcj02', 'bd09', 'unknown'] as const;
export type Datum = (typeof DATUMS)[number];

export const AREA_LEVELS = ['city', 'district', 'street'] as const;
export type AreaLevel = (typeof AREA_LEVELS)[number];

export interface Area {
	readonly code: string;
	readonly name: string;
	readonly level: AreaLevel;
	readonly parentCode: string | null;
}

/** What the live part of the product knows of a site: enough to place it, name it and judge its state. */
export interface Site {
	/** Row in the live columns */
	readonly slot: number;
	readonly code: string;
	readonly name: string;
	readonly kind: SiteKind;
	readonly district: string | null;
	readonly street: string | null;
	/** WGS-84 degrees; null where the registry has no coordinates */
	readonly lng: number | null;
	readonly lat: number | null;
	readonly lifecycle: Lifecycle;
	readonly telemetry: Telemetry;
	/** Expected seconds between two signs of life; null = nobody is expected to report */
	readonly periodSeconds: number | null;
	readonly hours: WeeklyHours | null;
	readonly hoursExceptions: readonly HoursException[];
}
