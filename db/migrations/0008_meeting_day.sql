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
ALTER TABLE "meeting_duties" ADD CONSTRAINT "meeting_duties_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_materials" ADD CONSTRAINT "meeting_materials_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_seatings" ADD CONSTRAINT "meeting_seatings_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meeting_servings" ADD CONSTRAINT "meeting_servings_material_meeting_materials_id_fk" FOREIGN KEY ("material") REFERENCES "public"."meeting_materials"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "meeting_duties_meeting" ON "meeting_duties" USING btree ("meeting");--> statement-breakpoint
CREATE INDEX "meeting_duties_open" ON "meeting_duties" USING btree ("owner") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "meeting_materials_meeting" ON "meeting_materials" USING btree ("meeting") WHERE meeting is not null;