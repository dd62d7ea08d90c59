-- Memories can be shared: each has a public id, and the strongest emotions are listed first.
CREATE INDEX memories_valence_idx ON memories (valence_q15);

ALTER TABLE memories
  ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();

-- A shared memory no longer says where it came from.
ALTER TABLE memories DROP COLUMN origin;
