import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './dynamic-sql';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text NOT NULL DEFAULT 'new', total int);
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
CREATE TYPE mood AS ENUM ('ok', 'bad');
INSERT INTO orders VALUES (1, 'a', 'new', 3);`,
};

it('marks the expression that makes the statement', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT relname FROM pg_class WHERE relname LIKE 'tmp%' LOOP
    EXECUTE 'DROP TABLE ' || r.relname;
--          ^^^^^^^^^^^^^^^^^^^^^^^^^^ dynamic-sql
  END LOOP;
END $$;
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('The executed statement depends on what the database contains');
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('is silent on constant strings and on routines', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DO $$ BEGIN EXECUTE 'COMMENT ON TABLE orders IS ''sold'''; END $$;
CREATE FUNCTION clean(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM ' || name; END $$;
`,
    },
    check,
    { shadow },
  );
});
