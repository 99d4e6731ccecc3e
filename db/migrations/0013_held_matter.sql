ALTER TABLE "held_lines" ADD COLUMN "feature" text;--> statement-breakpoint
ALTER TABLE "held_lines" ADD COLUMN "matter" text;