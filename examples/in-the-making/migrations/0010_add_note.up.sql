-- A note on each memory, and an index to find the memories with the strongest emotions.
ALTER TABLE memories ADD COLUMN note text NOT NULL DEFAULT '';

CREATE INDEX memories_valence_idx ON memories (valence_q15);
