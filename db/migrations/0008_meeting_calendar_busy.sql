CREATE TABLE "calendar_busy" (
	"person" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_reads" (
	"person" text PRIMARY KEY NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "calendar_busy_person" ON "calendar_busy" USING btree ("person","starts_at");--> statement-breakpoint
CREATE INDEX "calendar_busy_ends" ON "calendar_busy" USING btree ("ends_at");