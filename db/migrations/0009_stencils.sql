CREATE TABLE "stencils" (
	"id" text PRIMARY KEY NOT NULL,
	"card" jsonb NOT NULL
);
