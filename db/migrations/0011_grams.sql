-- The same letters and pairs of them as before. To take each out of the text by its place took, of a long one, the square of its
-- length, on each insert and on each change that an index hears of.
CREATE OR REPLACE FUNCTION grams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(
		SELECT DISTINCT unnest(ARRAY[letter, letter || lead(letter, 1, '') OVER (ORDER BY at)])
		FROM unnest(string_to_array(lower(said), NULL)) WITH ORDINALITY AS letters(letter, at)
	);
