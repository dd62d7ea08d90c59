-- Updates all rows in one statement. This is simple, but every updated row stays locked until the statement ends.
-- 2.0.0 updates in batches instead: see 0007_fill_fixed_point_emotion in upgrade.yaml.
UPDATE memories
SET valence_f = valence / 128.0,
    arousal_f = arousal / 255.0
WHERE valence_f IS NULL OR arousal_f IS NULL;
