CREATE INDEX "outbox_underway" ON "outbox" USING btree ("lane","claimed_until_ms") WHERE state = 'waiting' and claimed_until_ms > 1;--> statement-breakpoint
-- The plans of its statements are kept, and most are made while next to nothing waits. What an empty table of no pages suggests, to
-- read it from end to end, costs seconds a look once thousands wait; so it has some pages from the start, and never gives them back.
ALTER TABLE "outbox" SET (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);--> statement-breakpoint
INSERT INTO "outbox" ("id", "uuid", "lane", "api", "priority", "parcel", "sender", "state", "queued_ms", "due_ms") OVERRIDING SYSTEM VALUE
SELECT -i, '', '', 'create', 0, jsonb_build_object('text', repeat('x', 1800)), '', 'sent', 0, 0 FROM generate_series(1, 1200) i;--> statement-breakpoint
DELETE FROM "outbox" WHERE "id" < 0;
