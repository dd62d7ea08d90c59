-- mem8-upgrade: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS memories_valence_idx;
