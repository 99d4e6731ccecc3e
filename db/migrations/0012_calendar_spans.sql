-- What was read of somebody's calendar for one span stands beside what was read for another.
ALTER TABLE "calendar_reads" DROP CONSTRAINT "calendar_reads_pkey";--> statement-breakpoint
ALTER TABLE "calendar_reads" ADD CONSTRAINT "calendar_reads_person_from_at_pk" PRIMARY KEY("person","from_at");
