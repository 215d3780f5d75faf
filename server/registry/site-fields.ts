/**
 * What the registry keeps of a site, in the names of the table `sites`. The import engine works on these plain
 * values, so that a page can preview an import without a database.
 */
import type { HonourRecord, HoursException, WeeklyHours } from '#domain/hours.ts';
import type { AreaLevel, Datum, Lifecycle, SiteKind, Telemetry } from '#domain/site.ts';

export interface SiteFields {
	readonly externalCode: string | null;
	readonly name: string;
	readonly alias: string | null;
	readonly kind: SiteKind;
	readonly form: string;
	readonly ownership: string | null;
	readonly hostType: string | null;
	readonly districtCode: string | null;
	readonly streetCode: string | null;
	readonly address: string | null;
	readonly lng: number | null;
	readonly lat: number | null;
	readonly originalLng: number | null;
	readonly originalLat: number | null;
	readonly datum: Datum;
	readonly floorAreaM2: number | null;
	readonly capacity: number | null;
	readonly openedOn: string | null;
	readonly lifecycle: Lifecycle;
	readonly hoursText: string | null;
	readonly hours: WeeklyHours | null;
	readonly hoursExceptions: HoursException[];
	readonly isOpen24h: boolean;
	readonly entryMethods: string[];
	readonly facilities: string[];
	readonly services: string[];
	readonly honours: HonourRecord[];
	readonly star: number | null;
	readonly phone: string | null;
	readonly keeperRole: string | null;
	readonly telemetry: Telemetry;
	readonly periodSeconds: number | null;
	readonly note: string | null;
}

/** A site as the registry holds it. */
export interface RegisteredSite extends SiteFields {
	readonly slot: number;
	readonly code: string;
}

/** An area to be added, found in a file. */
export interface NewArea {
	readonly code: string;
	readonly name: string;
	readonly level: AreaLevel;
	readonly parentCode: string | null;
	/** Null where the file gave no GB/T 2260 (6 digits) or street code (9 digits) */
	readonly gbCode: string | null;
}

/** An area as a row names it: by code, by name, or both. */
export interface AreaMention {
	readonly code: string | null;
	readonly name: string | null;
}

/** What one row says of a site. A field that is absent was not said: the registry keeps what it has. */
export interface SiteDraft {
	readonly line: number;
	/** Null where the file gives none */
	readonly code: string | null;
	readonly district: AreaMention | null;
	readonly street: AreaMention | null;
	readonly values: Partial<Omit<SiteFields, 'districtCode' | 'streetCode'>> & { readonly name: string };
}

/** A draft with its areas found; undefined = the row does not say. */
export interface LocatedDraft extends SiteDraft {
	readonly districtCode: string | undefined;
	readonly streetCode: string | undefined;
}

/** A site about which nothing but its name was said. */
export const UNSAID: Omit<SiteFields, 'name'> = {
	externalCode: null,
	alias: null,
	kind: 'service_station',
	form: 'fixed',
	ownership: null,
	hostType: null,
	districtCode: null,
	streetCode: null,
	address: null,
	lng: null,
	lat: null,
	originalLng: null,
	originalLat: null,
	datum: 'unknown',
	floorAreaM2: null,
	capacity: null,
	openedOn: null,
	lifecycle: 'open',
	hoursText: null,
	hours: null,
	hoursExceptions: [],
	isOpen24h: false,
	entryMethods: [],
	facilities: [],
	services: [],
	honours: [],
	star: null,
	phone: null,
	keeperRole: null,
	telemetry: 'none',
	periodSeconds: null,
	note: null
};
