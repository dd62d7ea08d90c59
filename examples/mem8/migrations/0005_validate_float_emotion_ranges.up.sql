ALTER TABLE memories VALIDATE CONSTRAINT memories_valence_f_range;
ALTER TABLE memories VALIDATE CONSTRAINT memories_arousal_f_range;
