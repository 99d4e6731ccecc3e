-- The characters of a text and their pairs, for an index that finds words anywhere in it.
CREATE FUNCTION grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT DISTINCT substr(lower(said), at, width) FROM generate_series(1, length(said)) at, generate_series(1, 2) width);--> statement-breakpoint
DROP INDEX "assignments_giver";--> statement-breakpoint
DROP INDEX "shares_assignee";--> statement-breakpoint
DROP INDEX "held_lines_person";--> statement-breakpoint
DROP INDEX "occurrences_receiver";--> statement-breakpoint
CREATE INDEX "shares_open" ON "shares" USING btree ("assignee","assignment") WHERE state in ('assigned', 'underway');--> statement-breakpoint
CREATE INDEX "shares_finished" ON "shares" USING btree ("assignment") WHERE state = 'finished';--> statement-breakpoint
CREATE INDEX "held_lines_untold" ON "held_lines" USING btree ("person") WHERE told_on is null;--> statement-breakpoint
CREATE INDEX "copies_lane" ON "copies" USING btree ("lane");--> statement-breakpoint
CREATE INDEX "occurrences_fired" ON "occurrences" USING btree ("fired_at") WHERE state not in ('done', 'stopped');--> statement-breakpoint
CREATE INDEX "reminders_standing" ON "reminders" USING btree ("owner","number") WHERE state in ('active', 'paused');--> statement-breakpoint
CREATE INDEX "tasks_open_people" ON "tasks" USING gin ("people") WHERE state not in ('closed', 'cancelled');--> statement-breakpoint
CREATE INDEX "tasks_unread" ON "tasks" USING btree (coalesce(leader, given_by, maker),"closed_at") WHERE state = 'closed' and acknowledged_at is null;--> statement-breakpoint
CREATE INDEX "tasks_by_state" ON "tasks" USING btree ("state","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_unit" ON "tasks" USING btree ("lead_unit","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_by_source" ON "tasks" USING btree ("source","id") WHERE number_seq is not null;--> statement-breakpoint
CREATE INDEX "tasks_span" ON "tasks" USING gist (tstzrange(assigned_at, case when closed_at < assigned_at then assigned_at else closed_at end, '[]')) WHERE state <> 'cancelled';--> statement-breakpoint
CREATE INDEX "tasks_words" ON "tasks" USING gin (grams(title));--> statement-breakpoint
CREATE INDEX "assignments_giver" ON "assignments" USING btree ("giver","id");--> statement-breakpoint
CREATE INDEX "shares_assignee" ON "shares" USING btree ("assignee","assignment");--> statement-breakpoint
CREATE INDEX "held_lines_person" ON "held_lines" USING btree ("person","told_on");--> statement-breakpoint
CREATE INDEX "occurrences_receiver" ON "occurrences" USING btree ("receiver","fired_at") WHERE state not in ('done', 'stopped');