CREATE TABLE "leave_calls" (
	"meeting" bigint NOT NULL,
	"person" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"gathered" boolean NOT NULL,
	CONSTRAINT "leave_calls_meeting_person_pk" PRIMARY KEY("meeting","person")
);
--> statement-breakpoint
ALTER TABLE "leave_calls" ADD CONSTRAINT "leave_calls_meeting_meetings_id_fk" FOREIGN KEY ("meeting") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;