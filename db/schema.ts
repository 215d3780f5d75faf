/**
 * The tables. Postgres dialect only: PGlite and PostgreSQL run the same migrations (docs/adr/0002).
 * Times are stored in UTC. Coordinates are WGS-84, with the pair and datum they arrived in beside them.
 */
import {
	bigint,
	boolean,
	customType,
	date,
	doublePrecision,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	serial,
	text,
	timestamp,
	type AnyPgColumn
} from 'drizzle-orm/pg-core';
import type { Occupation } from '#domain/event.ts';
import type { HonourRecord, HoursException, WeeklyHours } from '#domain/hours.ts';
import type { AreaLevel, Datum, Lifecycle, SiteKind, Telemetry } from '#domain/site.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Areas of the federation: a city, its districts, their streets. Ours, not the state's: 经开区 has no GB/T 2260 code. */
export const areas = pgTable('areas', {
	code: text('code').primaryKey(),
	name: text('name').notNull(),
	level: text('level').$type<AreaLevel>().notNull(),
	parentCode: text('parent_code').references((): AnyPgColumn => areas.code),
	/** GB/T 2260 (6 digits) or statistics street code (9 digits); null where the state has none */
	gbCode: text('gb_code'),
	sort: integer('sort').notNull().default(0)
});

/** The union's own tree (city, district, street, grassroots, sector). It is not the tree of areas. */
export const organisations = pgTable('organisations', {
	id: text('id').primaryKey(),
	name: text('name').notNull(),
	level: text('level').notNull(),
	parentId: text('parent_id').references((): AnyPgColumn => organisations.id),
	/** GB 32100 unified social credit code */
	creditCode: text('credit_code')
});

/** An organisation answers for 0..n areas. */
export const organisationAreas = pgTable(
	'organisation_areas',
	{
		organisationId: text('organisation_id')
			.notNull()
			.references(() => organisations.id),
		areaCode: text('area_code')
			.notNull()
			.references(() => areas.code)
	},
	(table) => [primaryKey({ columns: [table.organisationId, table.areaCode] })]
);

/** Every point the federation runs: 工会驿站, 康乃馨服务站, 爱心母婴室, 司机之家. */
export const sites = pgTable('sites', {
	/** Row of this site in the live columns. Given once, never used again for another site. */
	slot: serial('slot').notNull().unique(),
	code: text('code').primaryKey(),
	externalCode: text('external_code'),
	name: text('name').notNull(),
	alias: text('alias'),
	kind: text('kind').$type<SiteKind>().notNull(),
	/** fixed | mobile */
	form: text('form').notNull().default('fixed'),
	/** union | shared */
	ownership: text('ownership'),
	hostType: text('host_type'),
	organisationId: text('organisation_id').references(() => organisations.id),
	districtCode: text('district_code').references(() => areas.code),
	streetCode: text('street_code').references(() => areas.code),
	address: text('address'),
	lng: doublePrecision('lng'),
	lat: doublePrecision('lat'),
	originalLng: doublePrecision('original_lng'),
	originalLat: doublePrecision('original_lat'),
	datum: text('datum').$type<Datum>().notNull().default('unknown'),
	floorAreaM2: doublePrecision('floor_area_m2'),
	capacity: integer('capacity'),
	openedOn: date('opened_on'),
	lifecycle: text('lifecycle').$type<Lifecycle>().notNull().default('open'),
	/** The hours as they were written; kept even where they could not be read */
	hoursText: text('hours_text'),
	hours: jsonb('hours').$type<WeeklyHours | null>(),
	hoursExceptions: jsonb('hours_exceptions').$type<HoursException[]>().notNull().default([]),
	isOpen24h: boolean('is_open_24h').notNull().default(false),
	entryMethods: jsonb('entry_methods').$type<string[]>().notNull().default([]),
	facilities: jsonb('facilities').$type<string[]>().notNull().default([]),
	services: jsonb('services').$type<string[]>().notNull().default([]),
	honours: jsonb('honours').$type<HonourRecord[]>().notNull().default([]),
	star: integer('star'),
	phone: text('phone'),
	/** Office that keeps the site, never a person's name */
	keeperRole: text('keeper_role'),
	telemetry: text('telemetry').$type<Telemetry>().notNull().default('none'),
	/** Expected seconds between two signs of life; null = the default of its telemetry class */
	periodSeconds: integer('period_seconds'),
	note: text('note'),
	importId: integer('import_id'),
	updatedAt: moment('updated_at').notNull().defaultNow()
});

/** What was brought in, by which file, and what was taken back: an undo is a row of its own. */
export const imports = pgTable('imports', {
	id: serial('id').primaryKey(),
	/** stations | undo */
	kind: text('kind').notNull(),
	fileName: text('file_name').notNull(),
	datum: text('datum').$type<Datum>().notNull(),
	added: integer('added').notNull(),
	changed: integer('changed').notNull(),
	unchanged: integer('unchanged').notNull(),
	warnings: integer('warnings').notNull(),
	errors: integer('errors').notNull(),
	importedAt: moment('imported_at').notNull().defaultNow(),
	/** Codes of areas that this import made */
	newAreas: jsonb('new_areas').$type<string[]>().notNull().default([]),
	/** Of an undo: the import it took back */
	undoes: integer('undoes'),
	/** Of an import: the undo that took it back */
	undoneBy: integer('undone_by')
});

/** A site as an import found it and as it left it: what an undo needs, and what a person may want to see. */
export const importChanges = pgTable(
	'import_changes',
	{
		importId: integer('import_id')
			.notNull()
			.references(() => imports.id),
		/** No reference to sites: a site that an undo deletes keeps its trail */
		slot: integer('slot').notNull(),
		/** Code of the site after the change */
		code: text('code').notNull(),
		/** Row of the site, in its columns; null: the site was new */
		before: jsonb('before').$type<Record<string, unknown> | null>(),
		/** null: an undo deleted the site */
		after: jsonb('after').$type<Record<string, unknown> | null>()
	},
	(table) => [primaryKey({ columns: [table.importId, table.slot] }), index('import_changes_by_slot').on(table.slot)]
);

/** Small facts about the whole installation: registry revision, demo mark. */
export const settings = pgTable('settings', {
	key: text('key').primaryKey(),
	value: text('value').notNull()
});

/** A key belongs to a source of events. Only its SHA-256 is kept (keys are 256 random bits, so no salt is needed). */
export const sourceKeys = pgTable('source_keys', {
	id: serial('id').primaryKey(),
	name: text('name').notNull(),
	hash: text('hash').notNull().unique(),
	createdAt: moment('created_at').notNull().defaultNow(),
	revokedAt: moment('revoked_at')
});

/** How often each CloudEvents `source` is expected to speak; sources not listed use the default. */
export const sources = pgTable('sources', {
	source: text('source').primaryKey(),
	periodSeconds: integer('period_seconds').notNull()
});

/**
 * One row per shard: the stream position together with the state it caused, written in one statement
 * (compare-and-set on the old position), so that neither can be ahead of the other.
 */
export const checkpoints = pgTable('checkpoints', {
	shard: integer('shard').primaryKey(),
	position: text('position').notNull(),
	/** Counts the commits of this shard: a commit that is tried again after a broken connection is recognised by it */
	number: bigint('number', { mode: 'number' }).notNull(),
	/** Packed columns, open buckets and records of this shard; layout in server/hub/snapshot.ts */
	state: bytea('state').notNull(),
	writer: text('writer').notNull(),
	committedAt: moment('committed_at').notNull()
});

/** Hashes of event ids already taken, one segment per commit, merged every hour, dropped after 51 h. */
export const seenSegments = pgTable(
	'seen_segments',
	{
		shard: integer('shard').notNull(),
		number: bigint('number', { mode: 'number' }).notNull(),
		/** UTC hour (ms / 3 600 000) in which the events were received */
		hour: integer('hour').notNull(),
		hashes: bytea('hashes').notNull()
	},
	(table) => [primaryKey({ columns: [table.shard, table.number] })]
);

const measures = {
	events: bigint('events', { mode: 'number' }).notNull(),
	visits: bigint('visits', { mode: 'number' }).notNull(),
	peopleIn: bigint('people_in', { mode: 'number' }).notNull(),
	peopleOut: bigint('people_out', { mode: 'number' }).notNull(),
	/** Largest head count seen; null = none reported */
	insideMax: integer('inside_max'),
	/** Sum of readings in 0.01 °C, and their number: the mean is sum / count */
	temperatureSum: bigint('temperature_sum', { mode: 'number' }).notNull(),
	temperatureCount: bigint('temperature_count', { mode: 'number' }).notNull()
};

/** History of a site in steps of 300, 3,600 and 86,400 s (days of Asia/Shanghai). */
export const siteBuckets = pgTable(
	'site_buckets',
	{
		periodSeconds: integer('period_seconds').notNull(),
		startsAt: moment('starts_at').notNull(),
		slot: integer('slot').notNull(),
		...measures
	},
	(table) => [
		primaryKey({ columns: [table.periodSeconds, table.slot, table.startsAt] }),
		index('site_buckets_by_time').on(table.periodSeconds, table.startsAt)
	]
);

/** The same history summed by area and kind of site, by the area a site belonged to when the bucket was closed. */
export const areaBuckets = pgTable(
	'area_buckets',
	{
		periodSeconds: integer('period_seconds').notNull(),
		startsAt: moment('starts_at').notNull(),
		areaCode: text('area_code').notNull(),
		kind: text('kind').$type<SiteKind>().notNull().default('service_station'),
		...measures
	},
	(table) => [
		primaryKey({ name: 'area_buckets_pk', columns: [table.periodSeconds, table.areaCode, table.kind, table.startsAt] })
	]
);

const occupationVisits = {
	/** 3,600 or 86,400 */
	periodSeconds: integer('period_seconds').notNull(),
	startsAt: moment('starts_at').notNull(),
	occupation: text('occupation').$type<Occupation>().notNull(),
	/** Never 0: an hour or day without such a visit has no row */
	visits: bigint('visits', { mode: 'number' }).notNull()
};

/** Visits of a site by occupation, in hours and days of Asia/Shanghai. */
export const siteOccupations = pgTable(
	'site_occupations',
	{ slot: integer('slot').notNull(), ...occupationVisits },
	(table) => [
		primaryKey({
			name: 'site_occupations_pk',
			columns: [table.periodSeconds, table.slot, table.startsAt, table.occupation]
		})
	]
);

/** The same by area and kind of site. */
export const areaOccupations = pgTable(
	'area_occupations',
	{ areaCode: text('area_code').notNull(), kind: text('kind').$type<SiteKind>().notNull(), ...occupationVisits },
	(table) => [
		primaryKey({
			name: 'area_occupations_pk',
			columns: [table.periodSeconds, table.areaCode, table.kind, table.startsAt, table.occupation]
		})
	]
);

/** What became of a day's posted hours at a site [FU1]: posted = open + closed + unknown, in seconds. No row: none were posted. */
export const siteDays = pgTable(
	'site_days',
	{
		day: date('day').notNull(),
		slot: integer('slot').notNull(),
		postedSeconds: integer('posted_s').notNull(),
		openSeconds: integer('open_s').notNull(),
		closedSeconds: integer('closed_s').notNull(),
		unknownSeconds: integer('unknown_s').notNull()
	},
	(table) => [primaryKey({ columns: [table.day, table.slot] })]
);
