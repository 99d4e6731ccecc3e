CREATE TABLE "meeting_decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"meeting" bigint NOT NULL,
	"says" text NOT NULL,
	"title" text NOT NULL,
	"lead" text NOT NULL,
	"lead_unit" text NOT NULL,
	"assistants" jsonb NOT NULL,
	"due_at" timestamp with time zone,
	"due_said" text NOT NULL,
	"due_said_at" timestamp with time zone,
	"doubts" text[] NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"proposed_by" text,
	"task" bigint,
	"handed_by" text,
	"handed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "meeting_minutes" (
	"meeting" bigint PRIMARY KEY NOT NULL,
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"issuer" text NOT NULL,
	"overview" text NOT NULL,
	"matters" text NOT NULL,
	"remark" text NOT NULL,
	"maker" text NOT NULL,
	"signed_at" timestamp with time zone,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"moved_for" text
);
--> statement-breakpoint
CREATE TABLE "meeting_series" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_series_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"maker" text NOT NULL,
	"unit" text NOT NULL,
	"said" text NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"calendar_id" text NOT NULL,
	"ahead_days" smallint NOT NULL,
	"first" bigint NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meeting_decisions" ADD CONSTRAINT "meeting_decisions_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_decisions" ADD CONSTRAINT "meeting_decisions_task_tasks_id_fk" FOREIGN KEY ("task") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_minutes" ADD CONSTRAINT "meeting_minutes_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_series" ADD CONSTRAINT "meeting_series_first_meetings_id_fk" FOREIGN KEY ("first") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meeting_decisions_meeting" ON "meeting_decisions" USING btree ("meeting","id");--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_decisions_task" ON "meeting_decisions" USING btree ("task");--> statement-breakpoint
CREATE INDEX "meeting_decisions_open" ON "meeting_decisions" USING btree ("meeting") WHERE task is null;--> statement-breakpoint
CREATE INDEX "meeting_series_due" ON "meeting_series" USING btree ("due_at") WHERE state = 'active' and due_at is not null;--> statement-breakpoint
CREATE INDEX "meeting_series_maker" ON "meeting_series" USING btree ("maker","id");