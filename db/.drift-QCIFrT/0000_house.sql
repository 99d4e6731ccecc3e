CREATE TABLE "assignment_notes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "assignment_notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"assignment" bigint NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"text" text NOT NULL,
	"attachments" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "assignments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"giver" text NOT NULL,
	"title" text NOT NULL,
	"chat" text NOT NULL,
	"due_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"rev" integer NOT NULL,
	"shown_late_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "shares" (
	"assignment" bigint NOT NULL,
	"assignee" text NOT NULL,
	"place" smallint NOT NULL,
	"state" text NOT NULL,
	"rev" integer NOT NULL,
	"word" text NOT NULL,
	"result" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "shares_assignment_assignee_pk" PRIMARY KEY("assignment","assignee")
);
--> statement-breakpoint
CREATE TABLE "copies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "copies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"feature" text NOT NULL,
	"matter" text NOT NULL,
	"viewer" text NOT NULL,
	"lane" text NOT NULL,
	"message" text,
	"origin" text DEFAULT '' NOT NULL,
	"sent_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"who" text NOT NULL,
	"acting_for" text,
	"feature" text NOT NULL,
	"matter" text,
	"act" text NOT NULL,
	"outcome" text NOT NULL,
	"chat" text NOT NULL,
	"delivery" text NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"api" text NOT NULL,
	"lane" text NOT NULL,
	"at_ms" bigint NOT NULL,
	"done_ms" bigint
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"uuid" text NOT NULL,
	"lane" text NOT NULL,
	"api" text NOT NULL,
	"priority" smallint NOT NULL,
	"parcel" jsonb NOT NULL,
	"copy" bigint,
	"sender" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"queued_ms" bigint NOT NULL,
	"due_ms" bigint NOT NULL,
	"claimed_until_ms" bigint DEFAULT 0 NOT NULL,
	"uncertain_since_ms" bigint,
	"done_ms" bigint,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "pauses" (
	"api" text PRIMARY KEY NOT NULL,
	"until_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chats" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"present" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "departments" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"parent" text NOT NULL,
	"leader" text
);
--> statement-breakpoint
CREATE TABLE "members" (
	"chat" text NOT NULL,
	"person" text NOT NULL,
	CONSTRAINT "members_chat_person_pk" PRIMARY KEY("chat","person")
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"departments" text[] NOT NULL,
	"leader" text,
	"title" text,
	"active" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "held_roles" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "held_roles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person" text NOT NULL,
	"role" text NOT NULL,
	"unit" text,
	"from_on" date NOT NULL,
	"until_on" date,
	"granted_by" text NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "assignment_notes" ADD CONSTRAINT "assignment_notes_assignment_assignments_id_fk" FOREIGN KEY ("assignment") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_assignment_assignments_id_fk" FOREIGN KEY ("assignment") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignment_notes_of" ON "assignment_notes" USING btree ("assignment","id");--> statement-breakpoint
CREATE INDEX "assignments_giver" ON "assignments" USING btree ("giver");--> statement-breakpoint
CREATE INDEX "assignments_due" ON "assignments" USING btree ("due_at") WHERE shown_late_at is null;--> statement-breakpoint
CREATE INDEX "shares_assignee" ON "shares" USING btree ("assignee","state");--> statement-breakpoint
CREATE UNIQUE INDEX "copies_message" ON "copies" USING btree ("message");--> statement-breakpoint
CREATE INDEX "copies_origin" ON "copies" USING btree ("origin");--> statement-breakpoint
CREATE INDEX "copies_matter" ON "copies" USING btree ("feature","matter");--> statement-breakpoint
CREATE INDEX "events_matter" ON "events" USING btree ("feature","matter","id");--> statement-breakpoint
CREATE INDEX "calls_at" ON "calls" USING btree ("at_ms");--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("lane","priority","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_redraw" ON "outbox" USING btree ("copy") WHERE state = 'waiting' and api = 'patch' and claimed_until_ms = 0;--> statement-breakpoint
CREATE INDEX "outbox_failed" ON "outbox" USING btree ("done_ms") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "people_name" ON "people" USING btree ("name");--> statement-breakpoint
CREATE INDEX "held_roles_person" ON "held_roles" USING btree ("person");