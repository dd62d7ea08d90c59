-- A memory: its content, its emotion and its place on a grid of 256 x 256.
-- Valence is an integer from -128 (awful) to 127 (lovely), arousal an integer from 0 (asleep) to 255 (wide awake).
CREATE TABLE memories (
  id uuid PRIMARY KEY,
  content text NOT NULL,
  memory_type text NOT NULL,
  frequency_hz real NOT NULL CHECK (frequency_hz BETWEEN 0 AND 1000),
  valence smallint NOT NULL CHECK (valence BETWEEN -128 AND 127),
  arousal smallint NOT NULL CHECK (arousal BETWEEN 0 AND 255),
  grid_x smallint NOT NULL,
  grid_y smallint NOT NULL,
  origin text NOT NULL DEFAULT 'human',
  created_at timestamptz NOT NULL
);

CREATE TABLE memory_keywords (
  memory_id uuid NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
  keyword text NOT NULL,
  PRIMARY KEY (memory_id, keyword)
);

INSERT INTO memories (id, content, memory_type, frequency_hz, valence, arousal, grid_x, grid_y, origin, created_at) VALUES
  ('0b6f1c1e-0001-4000-8000-000000000001', 'The index build that stopped every write', 'technical', 400, -96, 230, 17, 140, 'human', '2025-03-04 21:12:00+00'),
  ('0b6f1c1e-0002-4000-8000-000000000002', 'CONCURRENTLY cannot run in a transaction', 'learning', 650, -20, 120, 201, 183, 'human', '2025-03-04 22:40:00+00'),
  ('0b6f1c1e-0003-4000-8000-000000000003', 'Waves that interfere make the pattern', 'pattern', 50, 64, 90, 88, 12, 'human', '2025-03-09 08:05:00+00'),
  ('0b6f1c1e-0004-4000-8000-000000000004', 'The restore worked the first time', 'solution', 150, 127, 255, 140, 55, 'tandem', '2025-04-01 06:30:00+00'),
  ('0b6f1c1e-0005-4000-8000-000000000005', 'Coffee, rain, and nothing on call', 'conversation', 250, 90, 0, 9, 97, 'human', '2025-04-13 10:00:00+00'),
  ('0b6f1c1e-0006-4000-8000-000000000006', 'A migration walks into a bar and locks it', 'joke', 900, 101, 160, 233, 221, 'tandem', '2025-05-20 19:45:00+00'),
  ('0b6f1c1e-0007-4000-8000-000000000007', 'The column that was still read', 'technical', 400, -128, 244, 61, 133, 'human', '2025-06-02 02:17:00+00'),
  ('0b6f1c1e-0008-4000-8000-000000000008', 'The upgrade without downtime', 'solution', 150, 112, 20, 176, 70, 'human', '2025-06-15 14:00:00+00');

INSERT INTO memory_keywords (memory_id, keyword) VALUES
  ('0b6f1c1e-0001-4000-8000-000000000001', 'index'),
  ('0b6f1c1e-0001-4000-8000-000000000001', 'outage'),
  ('0b6f1c1e-0002-4000-8000-000000000002', 'index'),
  ('0b6f1c1e-0003-4000-8000-000000000003', 'wave'),
  ('0b6f1c1e-0004-4000-8000-000000000004', 'backup'),
  ('0b6f1c1e-0007-4000-8000-000000000007', 'outage'),
  ('0b6f1c1e-0008-4000-8000-000000000008', 'upgrade');
