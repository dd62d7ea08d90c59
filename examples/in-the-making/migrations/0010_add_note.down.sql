DROP INDEX memories_valence_idx;

ALTER TABLE memories DROP COLUMN note;
