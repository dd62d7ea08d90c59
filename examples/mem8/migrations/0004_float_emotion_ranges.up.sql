-- NOT VALID checks only new rows, so the table is not scanned under the lock. 0005 checks the existing rows.
ALTER TABLE memories
  ADD CONSTRAINT memories_valence_f_range CHECK (valence_f BETWEEN -1 AND 1) NOT VALID,
  ADD CONSTRAINT memories_arousal_f_range CHECK (arousal_f BETWEEN 0 AND 1) NOT VALID;
