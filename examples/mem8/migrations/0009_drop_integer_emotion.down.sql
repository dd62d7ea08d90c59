-- Computes the integers from the floats. The result is exact unless a later release wrote a value between two integer steps.
ALTER TABLE memories
  ADD COLUMN valence smallint CHECK (valence BETWEEN -128 AND 127),
  ADD COLUMN arousal smallint CHECK (arousal BETWEEN 0 AND 255);

UPDATE memories
SET valence = least(round(valence_f * 128), 127),
    arousal = round(arousal_f * 255);

ALTER TABLE memories
  ALTER COLUMN valence SET NOT NULL,
  ALTER COLUMN arousal SET NOT NULL;

CREATE OR REPLACE FUNCTION memories_sync_emotion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.valence_f := coalesce(NEW.valence_f, NEW.valence / 128.0, NEW.valence_q15 / 32768.0);
    NEW.arousal_f := coalesce(NEW.arousal_f, NEW.arousal / 255.0, NEW.arousal_q16 / 65535.0);
    NEW.valence := coalesce(NEW.valence, least(round(NEW.valence_f * 128), 127));
    NEW.arousal := coalesce(NEW.arousal, round(NEW.arousal_f * 255));
    NEW.valence_q15 := coalesce(NEW.valence_q15, least(round(NEW.valence_f * 32768), 32767));
    NEW.arousal_q16 := coalesce(NEW.arousal_q16, round(NEW.arousal_f * 65535));
    RETURN NEW;
  END IF;
  -- The other columns follow the first one that changed. A fixed-point value that was NULL is a backfill, not a change.
  IF NEW.valence_f IS DISTINCT FROM OLD.valence_f THEN
    NEW.valence := least(round(NEW.valence_f * 128), 127);
    NEW.valence_q15 := least(round(NEW.valence_f * 32768), 32767);
  ELSIF NEW.valence <> OLD.valence THEN
    NEW.valence_f := NEW.valence / 128.0;
    NEW.valence_q15 := NEW.valence * 256;
  ELSIF NEW.valence_q15 <> OLD.valence_q15 THEN
    NEW.valence_f := NEW.valence_q15 / 32768.0;
    NEW.valence := least(round(NEW.valence_f * 128), 127);
  END IF;
  IF NEW.arousal_f IS DISTINCT FROM OLD.arousal_f THEN
    NEW.arousal := round(NEW.arousal_f * 255);
    NEW.arousal_q16 := round(NEW.arousal_f * 65535);
  ELSIF NEW.arousal <> OLD.arousal THEN
    NEW.arousal_f := NEW.arousal / 255.0;
    NEW.arousal_q16 := NEW.arousal * 257;
  ELSIF NEW.arousal_q16 <> OLD.arousal_q16 THEN
    NEW.arousal_f := NEW.arousal_q16 / 65535.0;
    NEW.arousal := round(NEW.arousal_f * 255);
  END IF;
  RETURN NEW;
END
$$;
