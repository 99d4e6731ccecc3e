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
CREATE TABLE "car_reminders" (
	"matter" text NOT NULL,
	"what" text NOT NULL,
	"due_by" text NOT NULL,
	"step" text NOT NULL,
	"told_on" date NOT NULL,
	CONSTRAINT "car_reminders_matter_what_due_by_step_pk" PRIMARY KEY("matter","what","due_by","step")
);
--> statement-breakpoint
ALTER TABLE "car_repairs" ADD COLUMN "stops" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "car_batches_maker" ON "car_batches" USING btree ("maker","moved_at");--> statement-breakpoint
CREATE INDEX "car_reminders_day" ON "car_reminders" USING btree ("told_on");--> statement-breakpoint
CREATE INDEX "car_seals_open" ON "car_seals" USING btree ("vehicle") WHERE ended_at is null;