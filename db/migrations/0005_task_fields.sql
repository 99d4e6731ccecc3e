ALTER TABLE "task_bulletins" ADD COLUMN "maker_for" text;--> statement-breakpoint
ALTER TABLE "task_bulletins" ADD COLUMN "moved_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "phone" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lead_phone" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "measures" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "parts" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What was given so far as a sub-number is not given again.
UPDATE "tasks" SET "parts" = "given"."parts" FROM (SELECT "task", max("place") + 1 AS "parts" FROM "task_assists" GROUP BY "task") AS "given" WHERE "given"."task" = "tasks"."id";
