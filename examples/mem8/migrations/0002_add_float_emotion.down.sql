DROP TRIGGER memories_sync_emotion ON memories;
DROP FUNCTION memories_sync_emotion();
ALTER TABLE memories
  DROP COLUMN arousal_f,
  DROP COLUMN valence_f;
