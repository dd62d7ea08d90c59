-- Expand: 1.1.0 uses floats, from -1 to 1 and from 0 to 1. 1.0.0 still writes only the integers.
-- The trigger fills in the floats.
ALTER TABLE memories
  ADD COLUMN valence_f real,
  ADD COLUMN arousal_f real;

CREATE FUNCTION memories_sync_emotion() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER memories_sync_emotion BEFORE INSERT OR UPDATE ON memories
  FOR EACH ROW EXECUTE FUNCTION memories_sync_emotion();
