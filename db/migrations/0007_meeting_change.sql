ALTER TABLE "meetings" ADD COLUMN "change" jsonb;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "was" jsonb;