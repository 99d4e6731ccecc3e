CREATE TABLE "task_assists" (
	"task" bigint NOT NULL,
	"person" text NOT NULL,
	"unit" text NOT NULL,
	"place" smallint NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp with time zone,
	"signed_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"word" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "task_assists_task_person_pk" PRIMARY KEY("task","person")
);
--> statement-breakpoint
CREATE TABLE "task_numbers" (
	"unit" text NOT NULL,
	"word" text NOT NULL,
	"year" smallint NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "task_numbers_unit_word_year_pk" PRIMARY KEY("unit","word","year")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state_rev" integer NOT NULL,
	"state" text NOT NULL,
	"unit" text NOT NULL,
	"number_word" text,
	"number_year" smallint,
	"number_seq" integer,
	"title" text NOT NULL,
	"content" text NOT NULL,
	"source" text NOT NULL,
	"basis" text NOT NULL,
	"urgency" text NOT NULL,
	"frequency" text NOT NULL,
	"maker" text NOT NULL,
	"leader" text,
	"given_by" text,
	"lead" text NOT NULL,
	"lead_unit" text NOT NULL,
	"scope" text[] NOT NULL,
	"people" text[] NOT NULL,
	"units" text[] NOT NULL,
	"previous" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"assigned_at" timestamp with time zone,
	"original_due_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"due_by_default" boolean NOT NULL,
	"assist_due_at" timestamp with time zone,
	"sign_due_at" timestamp with time zone,
	"signed_at" timestamp with time zone,
	"signed_by" text,
	"progress" text NOT NULL,
	"problem" text NOT NULL,
	"percent" smallint,
	"reported_at" timestamp with time zone,
	"report_due_at" timestamp with time zone,
	"nudges" smallint NOT NULL,
	"extensions" smallint NOT NULL,
	"returns" smallint NOT NULL,
	"redos" smallint NOT NULL,
	"nudged_on" text NOT NULL,
	"petition" jsonb,
	"change" jsonb,
	"suspended_at" timestamp with time zone,
	"workdays_left" integer NOT NULL,
	"finished_at" timestamp with time zone,
	"finished_by" text,
	"result" text NOT NULL,
	"checked_by" text,
	"closed_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"was_late" boolean NOT NULL,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"ladder_from" timestamp with time zone,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "task_assists" ADD CONSTRAINT "task_assists_task_tasks_id_fk" FOREIGN KEY ("task") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_number" ON "tasks" USING btree ("unit","number_word","number_year","number_seq");--> statement-breakpoint
CREATE INDEX "tasks_numbered" ON "tasks" USING btree ("number_year","number_seq");--> statement-breakpoint
CREATE INDEX "tasks_next" ON "tasks" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "tasks_people" ON "tasks" USING gin ("people");--> statement-breakpoint
CREATE INDEX "tasks_units" ON "tasks" USING gin ("units");--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("lead_unit","id") WHERE state not in ('closed', 'cancelled');--> statement-breakpoint
CREATE INDEX "tasks_assigned" ON "tasks" USING btree ("assigned_at");