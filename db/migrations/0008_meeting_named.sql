ALTER TABLE "invitations" ADD COLUMN "named_by" bigint;--> statement-breakpoint
CREATE INDEX "invitations_asking" ON "invitations" USING btree ("meeting") WHERE state = 'asking';--> statement-breakpoint
CREATE INDEX "invitations_units" ON "invitations" USING btree ("unit") WHERE person is null and places > 0 and state = 'pending';