ALTER TABLE memories
  DROP CONSTRAINT memories_arousal_f_range,
  DROP CONSTRAINT memories_valence_f_range;
