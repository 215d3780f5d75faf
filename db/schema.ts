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
import type { GrantState, PersonState, Role, ScreenLayout, ServiceLine } from '#domain/role.ts';
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
	undoneBy: integer('undone_by'),
	/** User name, or `operator` (the command line); null = from before there were people */
	importedBy: text('imported_by')
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
	/** The last characters of the key, to tell keys apart; null = a key from before they were kept */
	hint: text('hint'),
	createdAt: moment('created_at').notNull().defaultNow(),
	createdBy: text('created_by').notNull().default('operator'),
	/** It stops by itself then: the old key of a rotation */
	expiresAt: moment('expires_at'),
	/** To the minute */
	lastUsedAt: moment('last_used_at'),
	lastAddress: text('last_address'),
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

/** People who may sign in. Names of staff only: never a worker's or a child's. */
export const people = pgTable('people', {
	id: text('id').primaryKey(),
	/** What is typed to sign in: lower case, never given to another person again */
	userName: text('user_name').notNull().unique(),
	displayName: text('display_name').notNull(),
	/** invited (has not set a password yet) | active | disabled */
	state: text('state').$type<PersonState>().notNull().default('invited'),
	/** A made-up person of the demo city: signs in without a password, there only */
	isSample: boolean('is_sample').notNull().default(false),
	/** scrypt, with its parameters; null = none set (signs in through OIDC, or is invited) */
	passwordHash: text('password_hash'),
	passwordSetAt: moment('password_set_at'),
	/** Failed tries since the last success, within the window of the lockout */
	failures: integer('failures').notNull().default(0),
	firstFailureAt: moment('first_failure_at'),
	lockedUntil: moment('locked_until'),
	/** Base32; null = no second factor */
	totpSecret: text('totp_secret'),
	/** null = shown, not proven yet */
	totpConfirmedAt: moment('totp_confirmed_at'),
	/** The 30 s step of the newest code taken: a code works once */
	totpLastStep: bigint('totp_last_step', { mode: 'number' }).notNull().default(0),
	/** SHA-256 of each recovery code that is left */
	recoveryHashes: jsonb('recovery_hashes').$type<string[]>().notNull().default([]),
	/** The name that the federation's own sign-in (OIDC) knows this person by, and the subject it turned out to be */
	externalName: text('external_name').unique(),
	externalSubject: text('external_subject').unique(),
	/** The account stops by itself */
	expiresAt: moment('expires_at'),
	lastSignInAt: moment('last_sign_in_at'),
	createdAt: moment('created_at').notNull().defaultNow(),
	/** Id of a person, or `operator` (the command line), `demo`, `setup` */
	createdBy: text('created_by').notNull()
});

/** Former passwords, so that none of the newest is taken again. */
export const passwordHistory = pgTable(
	'password_history',
	{
		personId: text('person_id')
			.notNull()
			.references(() => people.id),
		passwordHash: text('password_hash').notNull(),
		setAt: moment('set_at').notNull()
	},
	(table) => [primaryKey({ columns: [table.personId, table.setAt] })]
);

/** Links that work once: the first administrator, a new person, a lost password. Only a SHA-256 of the secret is kept. */
export const oneTimeLinks = pgTable('one_time_links', {
	hash: text('hash').primaryKey(),
	/** first_administrator | set_password | reset_factor (a password too; the second factor goes when it is used) */
	kind: text('kind').$type<'first_administrator' | 'set_password' | 'reset_factor'>().notNull(),
	/** null = the first administrator, who has no account yet */
	personId: text('person_id').references(() => people.id),
	createdAt: moment('created_at').notNull().defaultNow(),
	createdBy: text('created_by').notNull(),
	expiresAt: moment('expires_at').notNull(),
	usedAt: moment('used_at')
});

/** A person's presence in one browser. The cookie holds 256 random bits; only their SHA-256 is kept. */
export const sessions = pgTable(
	'sessions',
	{
		/** Names the session to people; opens nothing */
		id: text('id').primaryKey(),
		tokenHash: text('token_hash').notNull().unique(),
		personId: text('person_id')
			.notNull()
			.references(() => people.id),
		/** password | oidc | sample */
		method: text('method').$type<'password' | 'oidc' | 'sample'>().notNull(),
		/** The second factor was shown in this session */
		hasSecondFactor: boolean('has_second_factor').notNull().default(false),
		createdAt: moment('created_at').notNull(),
		/** Last sign of a hand at the keyboard, not of a page that asks by itself */
		activeAt: moment('active_at').notNull(),
		/** It ends then, whatever is done */
		expiresAt: moment('expires_at').notNull(),
		address: text('address').notNull(),
		userAgent: text('user_agent').notNull(),
		endedAt: moment('ended_at'),
		/** signed_out | revoked | idle | expired | locked | disabled | password_changed */
		endReason: text('end_reason')
	},
	(table) => [index('sessions_by_person').on(table.personId)]
);

/** A role in a scope for service lines. It works once another person has approved it. */
export const grants = pgTable(
	'grants',
	{
		id: serial('id').primaryKey(),
		personId: text('person_id')
			.notNull()
			.references(() => people.id),
		role: text('role').$type<Role>().notNull(),
		/** city | district:CODE | street:CODE | station:CODE */
		scope: text('scope').notNull(),
		/** null = all */
		lines: jsonb('lines').$type<ServiceLine[] | null>(),
		/** proposed | active | declined | withdrawn */
		state: text('state').$type<GrantState>().notNull(),
		reason: text('reason'),
		/** Id of a person, or `operator`, `demo`, `setup` */
		proposedBy: text('proposed_by').notNull(),
		proposedAt: moment('proposed_at').notNull(),
		decidedBy: text('decided_by'),
		decidedAt: moment('decided_at'),
		expiresAt: moment('expires_at')
	},
	(table) => [index('grants_by_person').on(table.personId)]
);

/** A wall screen: a device with a read-only token of its own, bound to a scope and a layout. */
export const screens = pgTable('screens', {
	id: serial('id').primaryKey(),
	name: text('name').notNull(),
	tokenHash: text('token_hash').notNull().unique(),
	scope: text('scope').notNull(),
	layout: text('layout').$type<ScreenLayout>().notNull(),
	/** Addresses and networks (CIDR) it may come from; empty = any */
	addresses: jsonb('addresses').$type<string[]>().notNull().default([]),
	pairedBy: text('paired_by').notNull(),
	pairedAt: moment('paired_at').notNull(),
	expiresAt: moment('expires_at').notNull(),
	lastSeenAt: moment('last_seen_at'),
	lastAddress: text('last_address'),
	revokedAt: moment('revoked_at'),
	revokedBy: text('revoked_by')
});

/** A screen that waits for somebody to enter its code. */
export const screenPairings = pgTable('screen_pairings', {
	/** SHA-256 of what the screen's browser holds */
	deviceHash: text('device_hash').primaryKey(),
	/** Shown on the screen, typed by an administrator */
	code: text('code').notNull().unique(),
	address: text('address').notNull(),
	createdAt: moment('created_at').notNull(),
	expiresAt: moment('expires_at').notNull(),
	/** Paired: the screen fetches its token next */
	screenId: integer('screen_id').references(() => screens.id)
});

/** Who sends events: what may come with the keys of this name. */
export const sourceAccounts = pgTable('source_accounts', {
	name: text('name').primaryKey(),
	/** CloudEvents `source` values it may use; null = any */
	sources: jsonb('sources').$type<string[] | null>(),
	/** Event types it may write; null = any */
	types: jsonb('types').$type<string[] | null>(),
	/** Stations it may write for */
	scope: text('scope').notNull().default('city'),
	createdAt: moment('created_at').notNull().defaultNow(),
	createdBy: text('created_by').notNull().default('operator')
});

/** The one place where the chain of the audit ends; locked while a record is appended. */
export const auditHead = pgTable('audit_head', {
	/** Always 1 */
	id: integer('id').primaryKey(),
	seq: bigint('seq', { mode: 'number' }).notNull(),
	hash: text('hash').notNull()
});

/**
 * Who did what, when, from where, with what result. A trigger refuses every change of a row; each record holds the hash of
 * the one before it, so that an edit or a gap made around the trigger is found [AU].
 */
export const audit = pgTable(
	'audit',
	{
		/** 1, 2, 3 … without a gap */
		seq: bigint('seq', { mode: 'number' }).primaryKey(),
		at: moment('at').notNull(),
		/** person | screen | source | operator | system | nobody */
		actorKind: text('actor_kind').notNull(),
		actorId: text('actor_id'),
		/** As it was called then */
		actorName: text('actor_name'),
		address: text('address'),
		/** Dotted, past tense: session.started, join.refused, export.made */
		action: text('action').notNull(),
		/** What it was done to: a kind and a name, such as `person:li.na`, `topic:district:320214`, `GET /api/export` */
		object: text('object'),
		scope: text('scope'),
		/** ok | refused | failed */
		result: text('result').notNull(),
		/** JSON as it was hashed */
		detail: text('detail').notNull(),
		previousHash: text('previous_hash').notNull(),
		/** SHA-256 over the fields above, hexadecimal */
		hash: text('hash').notNull()
	},
	(table) => [index('audit_by_time').on(table.at), index('audit_by_actor').on(table.actorId, table.seq)]
);
