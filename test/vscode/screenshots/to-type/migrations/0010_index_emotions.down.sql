-- mem8-upgrade: no-transaction
DROP INDEX CONCURRENTLY memories_valence_idx;
