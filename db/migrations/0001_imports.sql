CREATE TABLE "import_changes" (
	"import_id" integer NOT NULL,
	"slot" integer NOT NULL,
	"code" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "import_changes_import_id_slot_pk" PRIMARY KEY("import_id","slot")
);
--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "new_areas" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "undoes" integer;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "undone_by" integer;--> statement-breakpoint
ALTER TABLE "import_changes" ADD CONSTRAINT "import_changes_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_changes_by_slot" ON "import_changes" USING btree ("slot");