CREATE INDEX memories_created_at_idx ON memories (created_at);
