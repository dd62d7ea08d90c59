CREATE OR REPLACE FUNCTION memories_sync_emotion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.valence_f := coalesce(NEW.valence_f, NEW.valence / 128.0);
    NEW.arousal_f := coalesce(NEW.arousal_f, NEW.arousal / 255.0);
    RETURN NEW;
  END IF;
  IF NEW.valence <> OLD.valence AND NEW.valence_f IS NOT DISTINCT FROM OLD.valence_f THEN
    NEW.valence_f := NEW.valence / 128.0;
  END IF;
  IF NEW.arousal <> OLD.arousal AND NEW.arousal_f IS NOT DISTINCT FROM OLD.arousal_f THEN
    NEW.arousal_f := NEW.arousal / 255.0;
  END IF;
  RETURN NEW;
END
$$;

ALTER TABLE memories
  DROP COLUMN arousal_q16,
  DROP COLUMN valence_q15;
