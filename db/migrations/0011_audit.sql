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
ALTER TABLE "events" ADD COLUMN "roles" text;--> statement-breakpoint
CREATE INDEX "audit_checks_state" ON "audit_checks" USING btree ("state","id");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING brin ("at");--> statement-breakpoint
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
SELECT 1, 0, repeat('0', 64), '', 0, coalesce(max("id"), 0) FROM "events";
