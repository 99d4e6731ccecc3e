-- Nobody of the house is at the wheel of two cars at once (CAR-27), by the roster or by themselves. A hash stands for the text, so
-- that no extension is needed.
ALTER TABLE "runs" ADD CONSTRAINT "runs_pilot_free" EXCLUDE USING gist (
	int8range(hashtextextended("pilot", 0), hashtextextended("pilot", 0), '[]') WITH &&,
	tstzrange("starts_at", greatest("starts_at", least("ends_at", coalesce("returned_at", "ends_at")))) WITH &&
) WHERE ("state" <> 'void' AND "pilot" IS NOT NULL);
