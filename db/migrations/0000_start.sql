CREATE TABLE "area_buckets" (
	"period_seconds" integer NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"area_code" text NOT NULL,
	"events" bigint NOT NULL,
	"visits" bigint NOT NULL,
	"people_in" bigint NOT NULL,
	"people_out" bigint NOT NULL,
	"inside_max" integer,
	"temperature_sum" bigint NOT NULL,
	"temperature_count" bigint NOT NULL,
	CONSTRAINT "area_buckets_period_seconds_area_code_starts_at_pk" PRIMARY KEY("period_seconds","area_code","starts_at")
);
--> statement-breakpoint
CREATE TABLE "areas" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"level" text NOT NULL,
	"parent_code" text,
	"gb_code" text,
	"sort" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "checkpoints" (
	"shard" integer PRIMARY KEY NOT NULL,
	"position" text NOT NULL,
	"number" bigint NOT NULL,
	"state" "bytea" NOT NULL,
	"writer" text NOT NULL,
	"committed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"datum" text NOT NULL,
	"added" integer NOT NULL,
	"changed" integer NOT NULL,
	"unchanged" integer NOT NULL,
	"warnings" integer NOT NULL,
	"errors" integer NOT NULL,
	"imported_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisation_areas" (
	"organisation_id" text NOT NULL,
	"area_code" text NOT NULL,
	CONSTRAINT "organisation_areas_organisation_id_area_code_pk" PRIMARY KEY("organisation_id","area_code")
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"level" text NOT NULL,
	"parent_id" text,
	"credit_code" text
);
--> statement-breakpoint
CREATE TABLE "seen_segments" (
	"shard" integer NOT NULL,
	"number" bigint NOT NULL,
	"hour" integer NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "seen_segments_shard_number_pk" PRIMARY KEY("shard","number")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "site_buckets" (
	"period_seconds" integer NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"slot" integer NOT NULL,
	"events" bigint NOT NULL,
	"visits" bigint NOT NULL,
	"people_in" bigint NOT NULL,
	"people_out" bigint NOT NULL,
	"inside_max" integer,
	"temperature_sum" bigint NOT NULL,
	"temperature_count" bigint NOT NULL,
	CONSTRAINT "site_buckets_period_seconds_slot_starts_at_pk" PRIMARY KEY("period_seconds","slot","starts_at")
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"slot" serial NOT NULL,
	"code" text PRIMARY KEY NOT NULL,
	"external_code" text,
	"name" text NOT NULL,
	"alias" text,
	"kind" text NOT NULL,
	"form" text DEFAULT 'fixed' NOT NULL,
	"ownership" text,
	"host_type" text,
	"organisation_id" text,
	"district_code" text,
	"street_code" text,
	"address" text,
	"lng" double precision,
	"lat" double precision,
	"original_lng" double precision,
	"original_lat" double precision,
	"datum" text DEFAULT 'unknown' NOT NULL,
	"floor_area_m2" double precision,
	"capacity" integer,
	"opened_on" date,
	"lifecycle" text DEFAULT 'open' NOT NULL,
	"hours_text" text,
	"hours" jsonb,
	"hours_exceptions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_open_24h" boolean DEFAULT false NOT NULL,
	"entry_methods" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"facilities" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"services" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"honours" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"star" integer,
	"phone" text,
	"keeper_role" text,
	"telemetry" text DEFAULT 'none' NOT NULL,
	"period_seconds" integer,
	"note" text,
	"import_id" integer,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sites_slot_unique" UNIQUE("slot")
);
--> statement-breakpoint
CREATE TABLE "source_keys" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "source_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"source" text PRIMARY KEY NOT NULL,
	"period_seconds" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "areas" ADD CONSTRAINT "areas_parent_code_areas_code_fk" FOREIGN KEY ("parent_code") REFERENCES "public"."areas"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation_areas" ADD CONSTRAINT "organisation_areas_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisation_areas" ADD CONSTRAINT "organisation_areas_area_code_areas_code_fk" FOREIGN KEY ("area_code") REFERENCES "public"."areas"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_parent_id_organisations_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_district_code_areas_code_fk" FOREIGN KEY ("district_code") REFERENCES "public"."areas"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_street_code_areas_code_fk" FOREIGN KEY ("street_code") REFERENCES "public"."areas"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "site_buckets_by_time" ON "site_buckets" USING btree ("period_seconds","starts_at");