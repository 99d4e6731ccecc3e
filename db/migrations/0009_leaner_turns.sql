CREATE TABLE "stencils" (
	"id" text PRIMARY KEY NOT NULL,
	"card" jsonb NOT NULL
);
--> statement-breakpoint
DROP INDEX "copies_origin";--> statement-breakpoint
CREATE INDEX "copies_origin" ON "copies" USING btree ("origin") WHERE origin <> '';