-- The queries of 1.1.0. It uses the floats and still reads the integers.

-- name: AddMemory :exec
INSERT INTO memories (id, content, memory_type, frequency_hz, valence, arousal, grid_x, grid_y, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: GetMemory :one
SELECT id, content, memory_type, frequency_hz, valence, arousal, valence_f, arousal_f, grid_x, grid_y, origin, created_at
FROM memories
WHERE id = $1;

-- name: ListAwake :many
SELECT id, content, arousal_f FROM memories WHERE arousal_f > $1 ORDER BY arousal_f DESC;

-- name: FindByKeyword :many
SELECT m.id, m.content, m.valence_f FROM memories m JOIN memory_keywords k ON k.memory_id = m.id WHERE k.keyword = $1;

-- name: Feel :exec
UPDATE memories SET valence_f = $2, arousal_f = $3 WHERE id = $1;
