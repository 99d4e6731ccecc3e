CREATE TABLE "secrecy_alerts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_alerts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rev" integer NOT NULL,
	"sender" text NOT NULL,
	"unit" text NOT NULL,
	"state" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	"decided_by" text,
	"decided_for" text,
	"decided_at" timestamp with time zone,
	"word" text NOT NULL,
	"remind_at" timestamp with time zone,
	"reported_by" text,
	"reported_at" timestamp with time zone,
	"report" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrecy_releases" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_releases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert" bigint NOT NULL,
	"fingerprint" text NOT NULL,
	"rules" text[] NOT NULL,
	"reason" text NOT NULL,
	"released_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"withdrawn_by" text,
	"withdrawn_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "secrecy_stopped" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "secrecy_stopped_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"chat" text NOT NULL,
	"message" text NOT NULL,
	"place" text NOT NULL,
	"action" text NOT NULL,
	"rules" text[] NOT NULL,
	"fingerprints" text[] NOT NULL,
	"released" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "external" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "secrecy_releases" ADD CONSTRAINT "secrecy_releases_alert_secrecy_alerts_id_fk" FOREIGN KEY ("alert") REFERENCES "public"."secrecy_alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrecy_stopped" ADD CONSTRAINT "secrecy_stopped_alert_secrecy_alerts_id_fk" FOREIGN KEY ("alert") REFERENCES "public"."secrecy_alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "secrecy_alerts_open" ON "secrecy_alerts" USING btree ("opened_at") WHERE state in ('open', 'leaked');--> statement-breakpoint
CREATE INDEX "secrecy_alerts_sender" ON "secrecy_alerts" USING btree ("sender","opened_at");--> statement-breakpoint
CREATE INDEX "secrecy_alerts_remind" ON "secrecy_alerts" USING btree ("remind_at") WHERE remind_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "secrecy_releases_standing" ON "secrecy_releases" USING btree ("fingerprint") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "secrecy_stopped_alert" ON "secrecy_stopped" USING btree ("alert");--> statement-breakpoint
CREATE UNIQUE INDEX "secrecy_stopped_file" ON "secrecy_stopped" USING btree ("message") WHERE place = 'attachment';