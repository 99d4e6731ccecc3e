CREATE TABLE "appointment_guests" (
	"feature" text NOT NULL,
	"matter" text NOT NULL,
	"guest" text NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "appointment_guests_feature_matter_guest_pk" PRIMARY KEY("feature","matter","guest")
);
--> statement-breakpoint
CREATE TABLE "appointments" (
	"feature" text NOT NULL,
	"matter" text NOT NULL,
	"key" text NOT NULL,
	"event" text NOT NULL,
	"drawn" text NOT NULL,
	"fault" text NOT NULL,
	CONSTRAINT "appointments_feature_matter_pk" PRIMARY KEY("feature","matter")
);
--> statement-breakpoint
CREATE TABLE "calendar_busy" (
	"person" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar_reads" (
	"person" text PRIMARY KEY NOT NULL,
	"from_at" timestamp with time zone NOT NULL,
	"until_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meeting_decisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_decisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"meeting" bigint NOT NULL,
	"says" text NOT NULL,
	"title" text NOT NULL,
	"lead" text NOT NULL,
	"lead_unit" text NOT NULL,
	"assistants" jsonb NOT NULL,
	"due_at" timestamp with time zone,
	"due_said" text NOT NULL,
	"due_said_at" timestamp with time zone,
	"doubts" text[] NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"proposed_by" text,
	"task" bigint,
	"handed_by" text,
	"handed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "meeting_minutes" (
	"meeting" bigint PRIMARY KEY NOT NULL,
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"issuer" text NOT NULL,
	"overview" text NOT NULL,
	"matters" text NOT NULL,
	"remark" text NOT NULL,
	"maker" text NOT NULL,
	"signed_at" timestamp with time zone,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"moved_for" text
);
--> statement-breakpoint
CREATE TABLE "meeting_duties" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_duties_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"meeting" bigint NOT NULL,
	"place" integer NOT NULL,
	"what" text NOT NULL,
	"owner" text NOT NULL,
	"minutes" integer NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" text
);
--> statement-breakpoint
CREATE TABLE "meeting_materials" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_materials_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"meeting" bigint,
	"state" text NOT NULL,
	"name" text NOT NULL,
	"message" text NOT NULL,
	"file" text NOT NULL,
	"key" text NOT NULL,
	"maker" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meeting_seatings" (
	"meeting" bigint PRIMARY KEY NOT NULL,
	"stage" smallint NOT NULL,
	"wide" smallint NOT NULL,
	"ranked" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meeting_servings" (
	"material" bigint NOT NULL,
	"person" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "meeting_servings_material_person_pk" PRIMARY KEY("material","person")
);
--> statement-breakpoint
CREATE TABLE "bookings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "bookings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"room" bigint NOT NULL,
	"meeting" bigint,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"booked_by" text NOT NULL,
	"booked_at" timestamp with time zone NOT NULL,
	"word" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rooms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"name" text NOT NULL,
	"seats" smallint NOT NULL,
	"equipment" text NOT NULL,
	"place" text NOT NULL,
	"approval" boolean NOT NULL,
	"keeper" text NOT NULL,
	"resource" text NOT NULL,
	"remark" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meeting_series" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meeting_series_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state" text NOT NULL,
	"maker" text NOT NULL,
	"unit" text NOT NULL,
	"said" text NOT NULL,
	"said_at" timestamp with time zone NOT NULL,
	"calendar_id" text NOT NULL,
	"ahead_days" smallint NOT NULL,
	"first" bigint NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "invitations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"meeting" bigint NOT NULL,
	"person" text,
	"unit" text NOT NULL,
	"part" text NOT NULL,
	"via" text NOT NULL,
	"places" smallint NOT NULL,
	"name" text NOT NULL,
	"title" text NOT NULL,
	"phone" text NOT NULL,
	"state" text NOT NULL,
	"word" text NOT NULL,
	"companions" text NOT NULL,
	"plate" text NOT NULL,
	"replied_at" timestamp with time zone,
	"replied_by" text,
	"decided_by" text,
	"decided_for" text,
	"decided_at" timestamp with time zone,
	"decision" text NOT NULL,
	"stands_in_for" bigint,
	"named_by" bigint,
	"notice_rev" integer NOT NULL,
	"nudged_at" timestamp with time zone,
	"checked_in_at" timestamp with time zone,
	"checked_in_by" text,
	"served_at" timestamp with time zone,
	"last_move" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meeting_numbers" (
	"year" smallint PRIMARY KEY NOT NULL,
	"last" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meetings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meetings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"state_rev" integer NOT NULL,
	"notice_rev" integer NOT NULL,
	"state" text NOT NULL,
	"number_year" smallint,
	"number_seq" integer,
	"maker" text NOT NULL,
	"unit" text NOT NULL,
	"chat" text NOT NULL,
	"title" text NOT NULL,
	"kind" text NOT NULL,
	"class" text NOT NULL,
	"scope" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"check_in_at" timestamp with time zone,
	"room" bigint,
	"place" text NOT NULL,
	"branches" text NOT NULL,
	"convener" text NOT NULL,
	"presider" text NOT NULL,
	"contact" text NOT NULL,
	"phone" text NOT NULL,
	"guests" jsonb NOT NULL,
	"level" text NOT NULL,
	"agenda" jsonb NOT NULL,
	"materials" text NOT NULL,
	"dress" text NOT NULL,
	"parking" text NOT NULL,
	"discipline" text NOT NULL,
	"remark" text NOT NULL,
	"reply_by" timestamp with time zone,
	"planned" boolean NOT NULL,
	"urgent" boolean NOT NULL,
	"speech" smallint NOT NULL,
	"steps" jsonb NOT NULL,
	"awaits" text[] NOT NULL,
	"people" text[] NOT NULL,
	"findings" jsonb NOT NULL,
	"change" jsonb,
	"was" jsonb,
	"series" bigint,
	"previous" bigint,
	"event" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"notified_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"reminded" text[] NOT NULL,
	"last_move" text NOT NULL,
	"word" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL,
	"moved_for" text,
	"next_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "outbox_redraw";--> statement-breakpoint
ALTER TABLE "meeting_decisions" ADD CONSTRAINT "meeting_decisions_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_decisions" ADD CONSTRAINT "meeting_decisions_task_tasks_id_fk" FOREIGN KEY ("task") REFERENCES "public"."tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_minutes" ADD CONSTRAINT "meeting_minutes_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_duties" ADD CONSTRAINT "meeting_duties_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_materials" ADD CONSTRAINT "meeting_materials_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_seatings" ADD CONSTRAINT "meeting_seatings_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_servings" ADD CONSTRAINT "meeting_servings_material_meeting_materials_id_fk" FOREIGN KEY ("material") REFERENCES "public"."meeting_materials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_room_rooms_id_fk" FOREIGN KEY ("room") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_series" ADD CONSTRAINT "meeting_series_first_meetings_id_fk" FOREIGN KEY ("first") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_room_rooms_id_fk" FOREIGN KEY ("room") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "calendar_busy_person" ON "calendar_busy" USING btree ("person","starts_at");--> statement-breakpoint
CREATE INDEX "calendar_busy_ends" ON "calendar_busy" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "meeting_decisions_meeting" ON "meeting_decisions" USING btree ("meeting","id");--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_decisions_task" ON "meeting_decisions" USING btree ("task");--> statement-breakpoint
CREATE INDEX "meeting_decisions_open" ON "meeting_decisions" USING btree ("meeting") WHERE task is null;--> statement-breakpoint
CREATE INDEX "meeting_duties_meeting" ON "meeting_duties" USING btree ("meeting");--> statement-breakpoint
CREATE INDEX "meeting_duties_open" ON "meeting_duties" USING btree ("owner") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "meeting_materials_meeting" ON "meeting_materials" USING btree ("meeting") WHERE meeting is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "bookings_meeting" ON "bookings" USING btree ("meeting") WHERE state <> 'void' and meeting is not null;--> statement-breakpoint
CREATE INDEX "bookings_starts" ON "bookings" USING btree ("room","starts_at");--> statement-breakpoint
CREATE UNIQUE INDEX "rooms_name" ON "rooms" USING btree ("name") WHERE state = 'available';--> statement-breakpoint
CREATE INDEX "meeting_series_due" ON "meeting_series" USING btree ("due_at") WHERE state = 'active' and due_at is not null;--> statement-breakpoint
CREATE INDEX "meeting_series_maker" ON "meeting_series" USING btree ("maker","id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_person" ON "invitations" USING btree ("meeting","person") WHERE person is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_unit" ON "invitations" USING btree ("meeting","unit") WHERE person is null and places > 0;--> statement-breakpoint
CREATE INDEX "invitations_meeting" ON "invitations" USING btree ("meeting","state");--> statement-breakpoint
CREATE INDEX "invitations_asking" ON "invitations" USING btree ("meeting") WHERE state = 'asking';--> statement-breakpoint
CREATE INDEX "invitations_units" ON "invitations" USING btree ("unit") WHERE person is null and places > 0 and state = 'pending';--> statement-breakpoint
CREATE INDEX "invitations_mine" ON "invitations" USING btree ("person","meeting") WHERE person is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "meetings_number" ON "meetings" USING btree ("number_year","number_seq");--> statement-breakpoint
CREATE INDEX "meetings_awaits" ON "meetings" USING gin ("awaits") WHERE state = 'submitted';--> statement-breakpoint
CREATE INDEX "meetings_people" ON "meetings" USING gin ("people");--> statement-breakpoint
CREATE INDEX "meetings_starts" ON "meetings" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "meetings_unit" ON "meetings" USING btree ("unit","starts_at");--> statement-breakpoint
CREATE INDEX "meetings_next" ON "meetings" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "meetings_words" ON "meetings" USING gin (grams(title || ' ' || place));--> statement-breakpoint
CREATE INDEX "meetings_series" ON "meetings" USING btree ("series") WHERE series is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_appointment" ON "outbox" USING btree ("lane") WHERE state = 'waiting' and api = 'calendar' and claimed_until_ms = 0;--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_redraw" ON "outbox" USING btree ("copy") WHERE state = 'waiting' and api = 'patch' and claimed_until_ms = 0 and priority < 2;--> statement-breakpoint
-- No room is taken twice at once, whatever the program does. A range of one number stands for equality, so that no extension is
-- needed; a meeting may begin when the one before ends.
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_room_free" EXCLUDE USING gist (
	int8range("room", "room", '[]') WITH &&,
	tstzrange("starts_at", "ends_at") WITH &&
) WHERE ("state" <> 'void');
--> statement-breakpoint
ALTER TABLE "bookings" ADD CONSTRAINT "bookings_span" CHECK ("ends_at" > "starts_at");
--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_span" CHECK ("ends_at" > "starts_at");
