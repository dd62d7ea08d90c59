-- Lists the strongest emotions first.
CREATE INDEX memories_valence_idx ON memories (valence_q15);
