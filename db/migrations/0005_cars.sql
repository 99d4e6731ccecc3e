CREATE TABLE "car_batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "car_batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"maker" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"rows" jsonb NOT NULL,
	"remark" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "car_costs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "car_costs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"vehicle" bigint NOT NULL,
	"run" bigint,
	"kind" text NOT NULL,
	"spent_on" date NOT NULL,
	"cents" bigint NOT NULL,
	"amount" integer,
	"odometer" integer,
	"place" text NOT NULL,
	"fuel_card" text NOT NULL,
	"cash" boolean DEFAULT false NOT NULL,
	"form" text,
	"remark" text NOT NULL,
	"entered_by" text NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"struck_by" text,
	"struck_at" timestamp with time zone,
	"struck_why" text,
	CONSTRAINT "car_costs_form_unique" UNIQUE("form")
);
--> statement-breakpoint
CREATE TABLE "car_reminders" (
	"matter" text NOT NULL,
	"what" text NOT NULL,
	"due_by" text NOT NULL,
	"step" text NOT NULL,
	"told_on" date NOT NULL,
	CONSTRAINT "car_reminders_matter_what_due_by_step_pk" PRIMARY KEY("matter","what","due_by","step")
);
--> statement-breakpoint
CREATE TABLE "car_repairs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "car_repairs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"vehicle" bigint NOT NULL,
	"state" text NOT NULL,
	"fault" text NOT NULL,
	"stops" boolean DEFAULT false NOT NULL,
	"place" text NOT NULL,
	"estimate" bigint,
	"cost" bigint,
	"asked_by" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"decided_by" text,
	"decided_for" text,
	"decided_at" timestamp with time zone,
	"word" text NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "car_seals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "car_seals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"vehicle" bigint NOT NULL,
	"holiday" text NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date NOT NULL,
	"place" text NOT NULL,
	"keys_with" text NOT NULL,
	"sealed_by" text NOT NULL,
	"sealed_at" timestamp with time zone NOT NULL,
	"release" jsonb,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "drivers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "drivers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"name" text NOT NULL,
	"person" text,
	"phone" text NOT NULL,
	"licence" text NOT NULL,
	"licence_until" date NOT NULL,
	"trained_on" date,
	"remark" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vehicles" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "vehicles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"plate" text NOT NULL,
	"category" text NOT NULL,
	"model" text NOT NULL,
	"seats" smallint NOT NULL,
	"unit" text NOT NULL,
	"home" text NOT NULL,
	"fuel" text NOT NULL,
	"licence" text NOT NULL,
	"odometer" integer NOT NULL,
	"inspection_on" date,
	"insurance_on" date,
	"service_on" date,
	"service_at" integer,
	"sealed_until" date,
	"on_duty" boolean NOT NULL,
	"fuel_card" text NOT NULL,
	"remark" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "car_publication_rows" (
	"publication" bigint NOT NULL,
	"place" integer NOT NULL,
	"used_on" date NOT NULL,
	"purpose" text NOT NULL,
	"destination" text NOT NULL,
	"plate" text NOT NULL,
	"km" integer,
	"litres" integer NOT NULL,
	"cents" bigint NOT NULL,
	CONSTRAINT "car_publication_rows_publication_place_pk" PRIMARY KEY("publication","place")
);
--> statement-breakpoint
CREATE TABLE "car_publications" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "car_publications_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"unit" text NOT NULL,
	"month" text NOT NULL,
	"title" text NOT NULL,
	"issuer" text NOT NULL,
	"remark" text NOT NULL,
	"chat" text NOT NULL,
	"without" text NOT NULL,
	"runs" integer NOT NULL,
	"km" bigint NOT NULL,
	"cents" bigint NOT NULL,
	"maker" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"issued_at" timestamp with time zone,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"moved_for" text
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"vehicle" bigint NOT NULL,
	"driver" bigint,
	"pilot" text,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"departed_at" timestamp with time zone,
	"odometer_out" integer,
	"returned_at" timestamp with time zone,
	"odometer_in" integer,
	"route" text NOT NULL,
	"parked_at" text NOT NULL,
	"remark" text NOT NULL,
	"dispatched_by" text NOT NULL,
	"dispatched_at" timestamp with time zone NOT NULL,
	"late_told_at" timestamp with time zone,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "trip_numbers" (
	"year" smallint PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trips" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "trips_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state_rev" integer NOT NULL,
	"state" text NOT NULL,
	"number_year" smallint,
	"number_seq" integer,
	"applicant" text NOT NULL,
	"unit" text NOT NULL,
	"chat" text NOT NULL,
	"rider" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"origin" text NOT NULL,
	"destination" text NOT NULL,
	"via" text NOT NULL,
	"reach" text NOT NULL,
	"purpose" text NOT NULL,
	"ground" text NOT NULL,
	"basis" text NOT NULL,
	"category" text NOT NULL,
	"passengers" text[] NOT NULL,
	"guests" text NOT NULL,
	"headcount" smallint NOT NULL,
	"cars" smallint NOT NULL,
	"self_drive" boolean NOT NULL,
	"phone" text NOT NULL,
	"remark" text NOT NULL,
	"steps" jsonb NOT NULL,
	"awaits" text[] NOT NULL,
	"people" text[] NOT NULL,
	"findings" jsonb NOT NULL,
	"urgent" jsonb,
	"run" bigint,
	"sibling" bigint,
	"previous" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"approved_at" timestamp with time zone,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"moved_for" text,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "occurrences" ADD COLUMN "later" text;--> statement-breakpoint
ALTER TABLE "occurrences" ADD COLUMN "calendar_id" text;--> statement-breakpoint
ALTER TABLE "task_bulletins" ADD COLUMN "maker_for" text;--> statement-breakpoint
ALTER TABLE "task_bulletins" ADD COLUMN "moved_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "phone" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "lead_phone" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "measures" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "parts" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "car_costs" ADD CONSTRAINT "car_costs_vehicle_vehicles_id_fk" FOREIGN KEY ("vehicle") REFERENCES "public"."vehicles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "car_costs" ADD CONSTRAINT "car_costs_run_runs_id_fk" FOREIGN KEY ("run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "car_repairs" ADD CONSTRAINT "car_repairs_vehicle_vehicles_id_fk" FOREIGN KEY ("vehicle") REFERENCES "public"."vehicles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "car_seals" ADD CONSTRAINT "car_seals_vehicle_vehicles_id_fk" FOREIGN KEY ("vehicle") REFERENCES "public"."vehicles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "car_publication_rows" ADD CONSTRAINT "car_publication_rows_publication_car_publications_id_fk" FOREIGN KEY ("publication") REFERENCES "public"."car_publications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_vehicle_vehicles_id_fk" FOREIGN KEY ("vehicle") REFERENCES "public"."vehicles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_driver_drivers_id_fk" FOREIGN KEY ("driver") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trips" ADD CONSTRAINT "trips_run_runs_id_fk" FOREIGN KEY ("run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "car_batches_maker" ON "car_batches" USING btree ("maker","moved_at");--> statement-breakpoint
CREATE INDEX "car_costs_vehicle" ON "car_costs" USING btree ("vehicle","spent_on");--> statement-breakpoint
CREATE INDEX "car_costs_run" ON "car_costs" USING btree ("run");--> statement-breakpoint
CREATE INDEX "car_costs_month" ON "car_costs" USING btree ("spent_on");--> statement-breakpoint
CREATE INDEX "car_reminders_day" ON "car_reminders" USING btree ("told_on");--> statement-breakpoint
CREATE INDEX "car_repairs_vehicle" ON "car_repairs" USING btree ("vehicle","id");--> statement-breakpoint
CREATE INDEX "car_repairs_open" ON "car_repairs" USING btree ("state") WHERE state in ('requested', 'approved');--> statement-breakpoint
CREATE UNIQUE INDEX "car_seals_holiday" ON "car_seals" USING btree ("vehicle","from_on");--> statement-breakpoint
CREATE INDEX "car_seals_open" ON "car_seals" USING btree ("vehicle") WHERE ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "drivers_person" ON "drivers" USING btree ("person") WHERE state <> 'left';--> statement-breakpoint
CREATE INDEX "drivers_name" ON "drivers" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "vehicles_plate" ON "vehicles" USING btree ("plate") WHERE state <> 'retired';--> statement-breakpoint
CREATE UNIQUE INDEX "car_publications_month" ON "car_publications" USING btree ("month","unit") WHERE state <> 'cancelled';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_vehicle_out" ON "runs" USING btree ("vehicle") WHERE state = 'out';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_driver_out" ON "runs" USING btree ("driver") WHERE state = 'out';--> statement-breakpoint
CREATE INDEX "runs_vehicle" ON "runs" USING btree ("vehicle","starts_at");--> statement-breakpoint
CREATE INDEX "runs_driver" ON "runs" USING btree ("driver","starts_at");--> statement-breakpoint
CREATE INDEX "runs_pilot" ON "runs" USING btree ("pilot") WHERE pilot is not null;--> statement-breakpoint
CREATE INDEX "runs_starts" ON "runs" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "runs_next" ON "runs" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "trips_number" ON "trips" USING btree ("number_year","number_seq");--> statement-breakpoint
CREATE INDEX "trips_awaits" ON "trips" USING gin ("awaits") WHERE state not in ('completed', 'refused', 'withdrawn', 'cancelled', 'missed');--> statement-breakpoint
CREATE INDEX "trips_people" ON "trips" USING gin ("people");--> statement-breakpoint
CREATE INDEX "trips_open" ON "trips" USING btree ("state","starts_at") WHERE state not in ('completed', 'refused', 'withdrawn', 'cancelled', 'missed');--> statement-breakpoint
CREATE INDEX "trips_starts" ON "trips" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "trips_run" ON "trips" USING btree ("run");--> statement-breakpoint
CREATE INDEX "trips_applicant" ON "trips" USING btree ("applicant","id");--> statement-breakpoint
CREATE INDEX "trips_destination" ON "trips" USING btree ("destination","id") WHERE state in ('returned', 'completed');--> statement-breakpoint
CREATE INDEX "trips_next" ON "trips" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "trips_words" ON "trips" USING gin (grams(destination || ' ' || purpose));--> statement-breakpoint
CREATE INDEX "trips_unit" ON "trips" USING btree ("unit","id");
--> statement-breakpoint
-- No car and no driver is in two runs at once (CAR-27), whatever the program does. A range of one number stands for equality, so
-- that no extension is needed. What came back early is free from then on; what came back late was bound only as long as planned.
ALTER TABLE "runs" ADD CONSTRAINT "runs_vehicle_free" EXCLUDE USING gist (
	int8range("vehicle", "vehicle", '[]') WITH &&,
	tstzrange("starts_at", greatest("starts_at", least("ends_at", coalesce("returned_at", "ends_at")))) WITH &&
) WHERE ("state" <> 'void');
--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_driver_free" EXCLUDE USING gist (
	int8range("driver", "driver", '[]') WITH &&,
	tstzrange("starts_at", greatest("starts_at", least("ends_at", coalesce("returned_at", "ends_at")))) WITH &&
) WHERE ("state" <> 'void' AND "driver" IS NOT NULL);
--> statement-breakpoint
-- Nobody of the house is at the wheel of two cars at once (CAR-27), by the roster or by themselves. A hash stands for the text, so
-- that no extension is needed.
ALTER TABLE "runs" ADD CONSTRAINT "runs_pilot_free" EXCLUDE USING gist (
	int8range(hashtextextended("pilot", 0), hashtextextended("pilot", 0), '[]') WITH &&,
	tstzrange("starts_at", greatest("starts_at", least("ends_at", coalesce("returned_at", "ends_at")))) WITH &&
) WHERE ("state" <> 'void' AND "pilot" IS NOT NULL);
--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_span" CHECK ("ends_at" > "starts_at");
--> statement-breakpoint
-- What was given so far as a sub-number is not given again.
UPDATE "tasks" SET "parts" = "given"."parts" FROM (SELECT "task", max("place") + 1 AS "parts" FROM "task_assists" GROUP BY "task") AS "given" WHERE "given"."task" = "tasks"."id";
