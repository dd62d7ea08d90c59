-- The queries of 2.0.0 and 3.0.0. Emotions are fixed-point numbers. The integers are no longer read.

-- name: AddMemory :exec
INSERT INTO memories (id, content, memory_type, frequency_hz, valence_q15, arousal_q16, grid_x, grid_y, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: GetMemory :one
SELECT id, content, memory_type, frequency_hz, valence_q15, arousal_q16, valence_f, arousal_f, grid_x, grid_y, origin, created_at
FROM memories
WHERE id = $1;

-- name: ListAwake :many
SELECT id, content, arousal_q16 FROM memories WHERE arousal_q16 > $1 ORDER BY arousal_q16 DESC;

-- name: ListSince :many
SELECT id, content, created_at FROM memories WHERE created_at > $1 ORDER BY created_at;

-- name: FindByKeyword :many
SELECT m.id, m.content, m.valence_q15 FROM memories m JOIN memory_keywords k ON k.memory_id = m.id WHERE k.keyword = $1;

-- name: Feel :exec
UPDATE memories SET valence_q15 = $2, arousal_q16 = $3 WHERE id = $1;
