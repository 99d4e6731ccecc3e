-- The characters of a text and their pairs, for an index that finds words anywhere in it.
CREATE FUNCTION grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT DISTINCT substr(lower(said), at, width) FROM generate_series(1, length(said)) at, generate_series(1, 2) width);--> statement-breakpoint
CREATE TABLE "deputies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deputies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"principal" text NOT NULL,
	"deputy" text NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date NOT NULL,
	"named_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "task_batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"maker" text NOT NULL,
	"chat" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"rows" jsonb NOT NULL,
	"remark" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task_bulletins" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_bulletins_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"unit" text NOT NULL,
	"maker" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"period" text NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"figures" jsonb NOT NULL,
	"title" text NOT NULL,
	"issuer" text NOT NULL,
	"overall" text NOT NULL,
	"good" text NOT NULL,
	"lagging" text NOT NULL,
	"problems" text NOT NULL,
	"demands" text NOT NULL,
	"chat" text NOT NULL,
	"number_word" text,
	"number_year" smallint,
	"number_seq" integer,
	"issued_at" timestamp with time zone,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "assignments_giver";--> statement-breakpoint
DROP INDEX "shares_assignee";--> statement-breakpoint
DROP INDEX "held_lines_person";--> statement-breakpoint
DROP INDEX "occurrences_receiver";--> statement-breakpoint
DROP INDEX "tasks_open";--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "alike" text GENERATED ALWAYS AS (md5(parcel ->> 'plain')) STORED;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_said" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "due_said_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "calendar_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "finished_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "closed_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "archive_no" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "moved_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recorded_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recorded_way" text;--> statement-breakpoint
CREATE INDEX "deputies_deputy" ON "deputies" USING btree ("deputy") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "deputies_principal" ON "deputies" USING btree ("principal") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "task_batches_maker" ON "task_batches" USING btree ("maker","moved_at");--> statement-breakpoint
CREATE INDEX "task_bulletins_state" ON "task_bulletins" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "shares_open" ON "shares" USING btree ("assignee","assignment") WHERE state in ('assigned', 'underway');--> statement-breakpoint
CREATE INDEX "shares_finished" ON "shares" USING btree ("assignment") WHERE state = 'finished';--> statement-breakpoint
CREATE INDEX "held_lines_untold" ON "held_lines" USING btree ("person") WHERE told_on is null;--> statement-breakpoint
CREATE INDEX "copies_lane" ON "copies" USING btree ("lane");--> statement-breakpoint
CREATE INDEX "outbox_queue" ON "outbox" USING btree ("api","priority","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "outbox_alike" ON "outbox" USING btree ("alike","priority","id") WHERE state = 'waiting' and alike is not null;--> statement-breakpoint
CREATE INDEX "occurrences_fired" ON "occurrences" USING btree ("fired_at") WHERE state not in ('done', 'stopped');--> statement-breakpoint
CREATE INDEX "reminders_standing" ON "reminders" USING btree ("owner","number") WHERE state in ('active', 'paused');--> statement-breakpoint
CREATE INDEX "tasks_open_people" ON "tasks" USING gin ("people") WHERE state not in ('closed', 'cancelled', 'archived');--> statement-breakpoint
CREATE INDEX "tasks_unread" ON "tasks" USING btree (coalesce(leader, given_by, maker),"closed_at") WHERE state in ('closed', 'archived') and acknowledged_at is null;--> statement-breakpoint
CREATE INDEX "tasks_calendar" ON "tasks" USING btree ("calendar_id") WHERE state not in ('closed', 'cancelled', 'archived');--> statement-breakpoint
CREATE INDEX "tasks_by_state" ON "tasks" USING btree ("state","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_unit" ON "tasks" USING btree ("lead_unit","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_source" ON "tasks" USING btree ("source","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_span" ON "tasks" USING gist (tstzrange(assigned_at, case when closed_at < assigned_at then assigned_at else closed_at end, '[]')) WHERE state <> 'cancelled';--> statement-breakpoint
CREATE INDEX "tasks_words" ON "tasks" USING gin (grams(title));--> statement-breakpoint
CREATE INDEX "assignments_giver" ON "assignments" USING btree ("giver","id");--> statement-breakpoint
CREATE INDEX "shares_assignee" ON "shares" USING btree ("assignee","assignment");--> statement-breakpoint
CREATE INDEX "held_lines_person" ON "held_lines" USING btree ("person","told_on");--> statement-breakpoint
CREATE INDEX "occurrences_receiver" ON "occurrences" USING btree ("receiver","fired_at") WHERE state not in ('done', 'stopped');--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("lead_unit","id") WHERE state not in ('closed', 'cancelled', 'archived');