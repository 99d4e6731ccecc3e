ALTER TABLE "occurrences" ADD COLUMN "later" text;--> statement-breakpoint
ALTER TABLE "occurrences" ADD COLUMN "calendar_id" text;