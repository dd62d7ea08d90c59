-- A constraint cannot be made invalid again; it is dropped and added as 0004 left it.
ALTER TABLE memories
  DROP CONSTRAINT memories_valence_f_range,
  DROP CONSTRAINT memories_arousal_f_range,
  ADD CONSTRAINT memories_valence_f_range CHECK (valence_f BETWEEN -1 AND 1) NOT VALID,
  ADD CONSTRAINT memories_arousal_f_range CHECK (arousal_f BETWEEN 0 AND 1) NOT VALID;
