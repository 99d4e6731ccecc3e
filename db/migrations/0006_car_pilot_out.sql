-- nobody drives two cars at once: whoever is down for several keeps the one that went out last, and the others say whose they were
UPDATE "runs" AS "run"
SET "pilot" = NULL, "rev" = "rev" + 1, "remark" = concat_ws(';', nullif("remark", ''),
  '自驾人' || coalesce((SELECT "name" FROM "people" WHERE "id" = "run"."pilot"), '') || '另有出车未回场,请车管员核对')
WHERE "state" = 'out' AND EXISTS (
  SELECT 1 FROM "runs" AS "other"
  WHERE "other"."pilot" = "run"."pilot" AND "other"."state" = 'out'
    AND ("other"."departed_at", "other"."id") > ("run"."departed_at", "run"."id")
);--> statement-breakpoint
CREATE UNIQUE INDEX "runs_pilot_out" ON "runs" USING btree ("pilot") WHERE state = 'out';
