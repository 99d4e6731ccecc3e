CREATE INDEX "runs_pilot" ON "runs" USING btree ("pilot") WHERE pilot is not null;--> statement-breakpoint
CREATE INDEX "trips_words" ON "trips" USING gin (grams(destination || ' ' || purpose));--> statement-breakpoint
CREATE INDEX "trips_unit" ON "trips" USING btree ("unit","id");