DROP INDEX "copies_matter";--> statement-breakpoint
CREATE INDEX "copies_shown" ON "copies" USING btree ("feature","matter","lane","id");