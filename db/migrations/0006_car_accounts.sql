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
ALTER TABLE "car_costs" ADD COLUMN "cash" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "car_costs" ADD COLUMN "form" text;--> statement-breakpoint
ALTER TABLE "car_costs" ADD COLUMN "struck_why" text;--> statement-breakpoint
ALTER TABLE "car_publication_rows" ADD CONSTRAINT "car_publication_rows_publication_car_publications_id_fk" FOREIGN KEY ("publication") REFERENCES "public"."car_publications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "car_publications_month" ON "car_publications" USING btree ("month","unit") WHERE state <> 'cancelled';--> statement-breakpoint
CREATE INDEX "car_costs_month" ON "car_costs" USING btree ("spent_on");--> statement-breakpoint
ALTER TABLE "car_costs" ADD CONSTRAINT "car_costs_form_unique" UNIQUE("form");