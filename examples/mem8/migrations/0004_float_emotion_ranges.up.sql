-- NOT VALID checks new rows only, so nothing is read while the lock is held; 0005 looks at the old rows.
ALTER TABLE memories
  ADD CONSTRAINT memories_valence_f_range CHECK (valence_f BETWEEN -1 AND 1) NOT VALID,
  ADD CONSTRAINT memories_arousal_f_range CHECK (arousal_f BETWEEN 0 AND 1) NOT VALID;
