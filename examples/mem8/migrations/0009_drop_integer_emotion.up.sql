-- Contract: only 1.x reads the integers, and 1.x no longer runs when 3.0.0 is deployed.
CREATE OR REPLACE FUNCTION memories_sync_emotion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.valence_f := coalesce(NEW.valence_f, NEW.valence_q15 / 32768.0);
    NEW.arousal_f := coalesce(NEW.arousal_f, NEW.arousal_q16 / 65535.0);
    NEW.valence_q15 := coalesce(NEW.valence_q15, least(round(NEW.valence_f * 32768), 32767));
    NEW.arousal_q16 := coalesce(NEW.arousal_q16, round(NEW.arousal_f * 65535));
    RETURN NEW;
  END IF;
  IF NEW.valence_f IS DISTINCT FROM OLD.valence_f THEN
    NEW.valence_q15 := least(round(NEW.valence_f * 32768), 32767);
  ELSIF NEW.valence_q15 <> OLD.valence_q15 THEN
    NEW.valence_f := NEW.valence_q15 / 32768.0;
  END IF;
  IF NEW.arousal_f IS DISTINCT FROM OLD.arousal_f THEN
    NEW.arousal_q16 := round(NEW.arousal_f * 65535);
  ELSIF NEW.arousal_q16 <> OLD.arousal_q16 THEN
    NEW.arousal_f := NEW.arousal_q16 / 65535.0;
  END IF;
  RETURN NEW;
END
$$;

ALTER TABLE memories
  DROP COLUMN valence,
  DROP COLUMN arousal;
