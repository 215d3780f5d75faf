/** The shape of a site of the demo city: a plain row, so that the demo knows nothing of the database. */
import type { HonourRecord, HoursException, WeeklyHours } from '#domain/hours.ts';
import type { Datum, Lifecycle, SiteKind, Telemetry } from '#domain/site.ts';

/** One row of `sites`, without those columns that the database fills. */
export interface DemoSite {
	readonly code: string;
	readonly name: string;
	readonly alias: string | null;
	readonly kind: SiteKind;
	readonly form: 'fixed';
	readonly ownership: 'union' | 'shared';
	readonly hostType: string;
	readonly organisationId: string;
	readonly districtCode: string;
	readonly streetCode: string;
	readonly address: string;
	readonly lng: number;
	readonly lat: number;
	readonly originalLng: number;
	readonly originalLat: number;
	readonly datum: Datum;
	readonly floorAreaM2: number;
	readonly capacity: number;
	/** YYYY-MM-DD */
	readonly openedOn: string;
	readonly lifecycle: Lifecycle;
	readonly hoursText: string;
	readonly hours: WeeklyHours | null;
	readonly hoursExceptions: HoursException[];
	readonly isOpen24h: boolean;
	readonly entryMethods: string[];
	readonly facilities: string[];
	readonly services: string[];
	readonly honours: HonourRecord[];
	readonly keeperRole: string;
	readonly telemetry: Telemetry;
	readonly periodSeconds: number | null;
}
