/** A database with something of everything that a backup must bring back: types, keys, views, triggers, partitions, sequences, a journal. */
export const seed = `
  CREATE SCHEMA shop;
  CREATE TYPE shop.mood AS ENUM ('glad', 'sad');
  CREATE DOMAIN shop.share AS numeric(5,4) CHECK (VALUE BETWEEN 0 AND 1);
  CREATE TABLE shop.people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, mood shop.mood DEFAULT 'glad',
    share shop.share, tags text[], data jsonb, photo bytea, born date, seen timestamptz, wait interval, ratio float8, kind varchar CHECK (kind IN ('a', 'b')));
  CREATE TABLE shop.orders (id serial PRIMARY KEY, person bigint NOT NULL REFERENCES shop.people ON DELETE CASCADE, total numeric(10,2), t text);
  CREATE INDEX orders_by_total ON shop.orders (total DESC) WHERE total > 10;
  CREATE VIEW shop.rich AS SELECT p.name, sum(o.total) AS total FROM shop.people p JOIN shop.orders o ON o.person = p.id GROUP BY p.name;
  CREATE MATERIALIZED VIEW shop.totals AS SELECT person, sum(total) AS total FROM shop.orders GROUP BY person;
  CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.t := 'touched'; RETURN NEW; END $$;
  CREATE TRIGGER orders_touch BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.touch();
  CREATE TABLE events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  COMMENT ON TABLE shop.people IS 'é😀';
  INSERT INTO shop.people (name, share, tags, data, photo, born, seen, wait, ratio, kind)
    SELECT 'person ' || i, 0.25, ARRAY['x', NULL, 'é'], jsonb_build_object('i', i), decode('00ff', 'hex'), '2000-02-29', '2026-05-06 07:08:09.123456+00', '1 mon 2 days', i / 3.0, 'a'
    FROM generate_series(1, 50) i;
  INSERT INTO shop.orders (person, total) SELECT 1 + i % 50, i FROM generate_series(1, 200) i;
  INSERT INTO events SELECT '2026-03-04', 'happened' FROM generate_series(1, 3);
  CREATE SCHEMA mem8_upgrade;
  CREATE TABLE mem8_upgrade.journal (note text);
  INSERT INTO mem8_upgrade.journal VALUES ('kept')`;
