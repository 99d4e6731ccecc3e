ALTER TABLE "outbox" ADD COLUMN "alike" text GENERATED ALWAYS AS (md5(parcel ->> 'plain')) STORED;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_said" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_said_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "calendar_id" text;--> statement-breakpoint
CREATE INDEX "outbox_queue" ON "outbox" USING btree ("api","priority","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "outbox_alike" ON "outbox" USING btree ("alike","priority","id") WHERE state = 'waiting' and alike is not null;--> statement-breakpoint
CREATE INDEX "tasks_calendar" ON "tasks" USING btree ("calendar_id") WHERE state not in ('closed', 'cancelled', 'archived');