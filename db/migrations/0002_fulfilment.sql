CREATE TABLE "area_occupations" (
	"area_code" text NOT NULL,
	"kind" text NOT NULL,
	"period_seconds" integer NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"occupation" text NOT NULL,
	"visits" bigint NOT NULL,
	CONSTRAINT "area_occupations_pk" PRIMARY KEY("period_seconds","area_code","kind","starts_at","occupation")
);
--> statement-breakpoint
CREATE TABLE "site_days" (
	"day" date NOT NULL,
	"slot" integer NOT NULL,
	"posted_s" integer NOT NULL,
	"open_s" integer NOT NULL,
	"closed_s" integer NOT NULL,
	"unknown_s" integer NOT NULL,
	CONSTRAINT "site_days_day_slot_pk" PRIMARY KEY("day","slot")
);
--> statement-breakpoint
CREATE TABLE "site_occupations" (
	"slot" integer NOT NULL,
	"period_seconds" integer NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"occupation" text NOT NULL,
	"visits" bigint NOT NULL,
	CONSTRAINT "site_occupations_pk" PRIMARY KEY("period_seconds","slot","starts_at","occupation")
);
--> statement-breakpoint
ALTER TABLE "area_buckets" DROP CONSTRAINT "area_buckets_period_seconds_area_code_starts_at_pk";--> statement-breakpoint
ALTER TABLE "area_buckets" ADD COLUMN "kind" text DEFAULT 'service_station' NOT NULL;--> statement-breakpoint
ALTER TABLE "area_buckets" ADD CONSTRAINT "area_buckets_pk" PRIMARY KEY("period_seconds","area_code","kind","starts_at");--> statement-breakpoint
-- Sums of areas held all kinds of sites together; they are made anew from those of the sites.
DELETE FROM "area_buckets";--> statement-breakpoint
INSERT INTO "area_buckets" (period_seconds, starts_at, area_code, kind, events, visits, people_in, people_out, inside_max, temperature_sum, temperature_count)
SELECT site_buckets.period_seconds, starts_at, area.code, sites.kind, sum(events), sum(visits), sum(people_in), sum(people_out), max(inside_max), sum(temperature_sum), sum(temperature_count)
FROM site_buckets JOIN sites USING (slot)
CROSS JOIN LATERAL (
	SELECT district_code AS code WHERE district_code IS NOT NULL
	UNION ALL SELECT street_code WHERE street_code IS NOT NULL
	UNION ALL SELECT code FROM areas WHERE level = 'city'
) AS area
GROUP BY 1, 2, 3, 4;
