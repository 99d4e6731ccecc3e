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
CREATE UNIQUE INDEX "outbox_appointment" ON "outbox" USING btree ("lane") WHERE state = 'waiting' and api = 'calendar' and claimed_until_ms = 0;