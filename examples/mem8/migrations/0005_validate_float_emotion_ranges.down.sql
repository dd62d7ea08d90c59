-- A validated constraint cannot be made NOT VALID again. It is dropped, and added as in 0004.
ALTER TABLE memories
  DROP CONSTRAINT memories_valence_f_range,
  DROP CONSTRAINT memories_arousal_f_range,
  ADD CONSTRAINT memories_valence_f_range CHECK (valence_f BETWEEN -1 AND 1) NOT VALID,
  ADD CONSTRAINT memories_arousal_f_range CHECK (arousal_f BETWEEN 0 AND 1) NOT VALID;
