DROP INDEX memories_created_at_idx;
