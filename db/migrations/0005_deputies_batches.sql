CREATE TABLE "deputies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "deputies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"principal" text NOT NULL,
	"deputy" text NOT NULL,
	"from_on" date NOT NULL,
	"until_on" date NOT NULL,
	"named_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "task_batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "task_batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"maker" text NOT NULL,
	"chat" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"rows" jsonb NOT NULL,
	"remark" text NOT NULL,
	"moved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "finished_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "closed_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "moved_for" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recorded_by" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "recorded_way" text;--> statement-breakpoint
CREATE INDEX "deputies_deputy" ON "deputies" USING btree ("deputy") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "deputies_principal" ON "deputies" USING btree ("principal") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "task_batches_maker" ON "task_batches" USING btree ("maker","moved_at");