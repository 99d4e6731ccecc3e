CREATE TABLE "audit_chain" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"event" bigint NOT NULL,
	"hash" text NOT NULL,
	"signature" text,
	CONSTRAINT "audit_chain_event_unique" UNIQUE("event")
);
--> statement-breakpoint
CREATE TABLE "audit_head" (
	"id" smallint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"signature" text NOT NULL,
	"old_done" bigint NOT NULL,
	"old_until" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_unsealed" (
	"event" bigint PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_checks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_checks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"asked_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"from_seq" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"first_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"event" bigint NOT NULL,
	"fault" text,
	"fault_at" bigint,
	"fault_event" bigint,
	"ended_at" timestamp with time zone,
	"signature" text
);
--> statement-breakpoint
CREATE TABLE "leave_calls" (
	"meeting" bigint NOT NULL,
	"person" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"gathered" boolean NOT NULL,
	CONSTRAINT "leave_calls_meeting_person_pk" PRIMARY KEY("meeting","person")
);
--> statement-breakpoint
CREATE TABLE "notice_reads" (
	"invitation" bigint PRIMARY KEY NOT NULL,
	"message" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"seen" text,
	"seen_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "secrecy_alerts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"sender" text NOT NULL,
	"unit" text NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	"decided_by" text,
	"decided_at" timestamp with time zone,
	"word" text NOT NULL,
	"remind_at" timestamp with time zone,
	"reported_by" text,
	"reported_at" timestamp with time zone,
	"report" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrecy_releases" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_releases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert" bigint NOT NULL,
	"fingerprint" text NOT NULL,
	"rules" text[] NOT NULL,
	"reason" text NOT NULL,
	"released_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"withdrawn_by" text,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "secrecy_stopped" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_stopped_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"chat" text NOT NULL,
	"message" text NOT NULL,
	"place" text NOT NULL,
	"action" text NOT NULL,
	"rules" text[] NOT NULL,
	"fingerprints" text[] NOT NULL,
	"released" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "roles" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "told_by" bigint;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "external" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "left_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "people" ADD COLUMN "erased_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "leave_calls" ADD CONSTRAINT "leave_calls_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_reads" ADD CONSTRAINT "notice_reads_invitation_invitations_id_fk" FOREIGN KEY ("invitation") REFERENCES "public"."invitations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrecy_releases" ADD CONSTRAINT "secrecy_releases_alert_secrecy_alerts_id_fk" FOREIGN KEY ("alert") REFERENCES "public"."secrecy_alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrecy_stopped" ADD CONSTRAINT "secrecy_stopped_alert_secrecy_alerts_id_fk" FOREIGN KEY ("alert") REFERENCES "public"."secrecy_alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_checks_state" ON "audit_checks" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "secrecy_alerts_open" ON "secrecy_alerts" USING btree ("opened_at") WHERE state in ('open', 'leaked');--> statement-breakpoint
CREATE INDEX "secrecy_alerts_sender" ON "secrecy_alerts" USING btree ("sender","opened_at");--> statement-breakpoint
CREATE INDEX "secrecy_alerts_remind" ON "secrecy_alerts" USING btree ("remind_at") WHERE remind_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "secrecy_releases_standing" ON "secrecy_releases" USING btree ("fingerprint") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "secrecy_stopped_alert" ON "secrecy_stopped" USING btree ("alert");--> statement-breakpoint
CREATE UNIQUE INDEX "secrecy_stopped_file" ON "secrecy_stopped" USING btree ("message") WHERE place = 'attachment';--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING brin ("at");--> statement-breakpoint
CREATE INDEX "outbox_underway" ON "outbox" USING btree ("lane","claimed_until_ms") WHERE state = 'waiting' and claimed_until_ms > 1;--> statement-breakpoint
-- What this trigger holds is said in 0001; now it names the table, and nobody empties one either.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;--> statement-breakpoint
CREATE TRIGGER events_never_emptied BEFORE TRUNCATE ON "events" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE ON "audit_chain" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER audit_chain_never_emptied BEFORE TRUNCATE ON "audit_chain" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
-- Each event waits for its entry in the chain from the moment of its commit, in whatever order ids were given.
CREATE FUNCTION await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO audit_unsealed (event) SELECT id FROM fresh;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER events_await_seal AFTER INSERT ON "events" REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION await_seal();--> statement-breakpoint
-- Events of before are sealed in the order of their ids, batch by batch; nobody can be adding one now, for the table is ours until the commit.
INSERT INTO "audit_head" ("id", "seq", "hash", "signature", "old_done", "old_until")
SELECT 1, 0, repeat('0', 64), '', 0, coalesce(max("id"), 0) FROM "events";--> statement-breakpoint
-- The plans of its statements are kept, and most are made while next to nothing waits. What an empty table of no pages suggests, to
-- read it from end to end, costs seconds a look once thousands wait; so it has some pages from the start, and never gives them back.
ALTER TABLE "outbox" SET (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);--> statement-breakpoint
INSERT INTO "outbox" ("id", "uuid", "lane", "api", "priority", "parcel", "sender", "state", "queued_ms", "due_ms") OVERRIDING SYSTEM VALUE
SELECT -i, '', '', 'create', 0, jsonb_build_object('text', repeat('x', 1800)), '', 'sent', 0, 0 FROM generate_series(1, 1200) i;--> statement-breakpoint
DELETE FROM "outbox" WHERE "id" < 0;--> statement-breakpoint
-- What failed before has been told as it was told then.
UPDATE "outbox" SET "told_by" = 0 WHERE state = 'failed';
