CREATE TABLE "held_lines" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "held_lines_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person" text NOT NULL,
	"line" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"told_on" date
);
--> statement-breakpoint
CREATE TABLE "mutes" (
	"person" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"person" text NOT NULL,
	"day" date NOT NULL,
	"told" integer NOT NULL,
	CONSTRAINT "tallies_person_day_pk" PRIMARY KEY("person","day")
);
--> statement-breakpoint
CREATE TABLE "broadcasts" (
	"chat" text PRIMARY KEY NOT NULL,
	"by" text NOT NULL,
	"said" text NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"calendar_id" text NOT NULL,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "digests" (
	"reader" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	CONSTRAINT "digests_reader_due_at_pk" PRIMARY KEY("reader","due_at")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"year" integer NOT NULL,
	"notice" jsonb NOT NULL,
	"state" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rulings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rulings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "occurrences" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "occurrences_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"reminder" bigint NOT NULL,
	"receiver" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"missed" integer NOT NULL,
	"snoozed_until" timestamp with time zone,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "reminder_refusals" (
	"person" text NOT NULL,
	"maker" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "reminder_refusals_person_maker_pk" PRIMARY KEY("person","maker")
);
--> statement-breakpoint
CREATE TABLE "reminders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reminders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"number" integer NOT NULL,
	"maker" text NOT NULL,
	"owner" text NOT NULL,
	"receivers" text[] NOT NULL,
	"chat" text NOT NULL,
	"text" text NOT NULL,
	"said" text NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"calendar_id" text NOT NULL,
	"recurring" boolean NOT NULL,
	"urgent" boolean NOT NULL,
	"next_at" timestamp with time zone,
	"state" text NOT NULL,
	"source" text NOT NULL,
	"source_chat" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "due_said" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "calendar_id" text;--> statement-breakpoint
ALTER TABLE "occurrences" ADD CONSTRAINT "occurrences_reminder_reminders_id_fk" FOREIGN KEY ("reminder") REFERENCES "public"."reminders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_lines_person" ON "held_lines" USING btree ("person","id");--> statement-breakpoint
CREATE INDEX "broadcasts_due" ON "broadcasts" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "notices_standing" ON "notices" USING btree ("year","id") WHERE state = 'standing';--> statement-breakpoint
CREATE UNIQUE INDEX "occurrences_once" ON "occurrences" USING btree ("reminder","receiver","due_at");--> statement-breakpoint
CREATE INDEX "occurrences_snoozed" ON "occurrences" USING btree ("snoozed_until") WHERE state = 'snoozed';--> statement-breakpoint
CREATE INDEX "occurrences_receiver" ON "occurrences" USING btree ("receiver","id") WHERE state not in ('done', 'stopped');--> statement-breakpoint
CREATE UNIQUE INDEX "reminders_owner" ON "reminders" USING btree ("owner","number");--> statement-breakpoint
CREATE INDEX "reminders_due" ON "reminders" USING btree ("next_at") WHERE state = 'active' and next_at is not null;--> statement-breakpoint
CREATE INDEX "reminders_calendar" ON "reminders" USING btree ("calendar_id") WHERE state in ('active', 'paused');--> statement-breakpoint
CREATE INDEX "assignments_calendar" ON "assignments" USING btree ("calendar_id") WHERE shown_late_at is null and due_said is not null;--> statement-breakpoint
-- The notices of the State Council for 2025 and 2026; later ones are loaded by an administrator (/假期).
INSERT INTO "notices" ("year", "notice", "state", "by", "at") VALUES (2025, '{"holidays":[{"name":"元旦","from":"2025-01-01","to":"2025-01-01"},{"name":"春节","from":"2025-01-28","to":"2025-02-04"},{"name":"清明","from":"2025-04-04","to":"2025-04-06"},{"name":"劳动节","from":"2025-05-01","to":"2025-05-05"},{"name":"端午","from":"2025-05-31","to":"2025-06-02"},{"name":"国庆、中秋","from":"2025-10-01","to":"2025-10-08"}],"workdays":["2025-01-26","2025-02-08","2025-04-27","2025-09-28","2025-10-11"]}', 'standing', '', '2024-11-12T00:00:00+08:00');--> statement-breakpoint
INSERT INTO "notices" ("year", "notice", "state", "by", "at") VALUES (2026, '{"holidays":[{"name":"元旦","from":"2026-01-01","to":"2026-01-03"},{"name":"春节","from":"2026-02-15","to":"2026-02-23"},{"name":"清明","from":"2026-04-04","to":"2026-04-06"},{"name":"劳动节","from":"2026-05-01","to":"2026-05-05"},{"name":"端午","from":"2026-06-19","to":"2026-06-21"},{"name":"中秋","from":"2026-09-25","to":"2026-09-27"},{"name":"国庆","from":"2026-10-01","to":"2026-10-07"}],"workdays":["2026-01-04","2026-02-14","2026-02-28","2026-05-09","2026-09-20","2026-10-10"]}', 'standing', '', '2025-11-04T00:00:00+08:00');
