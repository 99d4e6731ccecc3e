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
DROP INDEX "tasks_open";--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "closed_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "archive_no" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "task_bulletins_state" ON "task_bulletins" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("lead_unit","id") WHERE state not in ('closed', 'cancelled', 'archived');