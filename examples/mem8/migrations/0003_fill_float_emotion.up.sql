-- All rows in one statement: simple, and every changed row stays locked until it is done.
-- 2.0.0 does the same in batches (see 0007_fill_fixed_point_emotion in upgrade.yaml).
UPDATE memories
SET valence_f = valence / 128.0,
    arousal_f = arousal / 255.0
WHERE valence_f IS NULL OR arousal_f IS NULL;
