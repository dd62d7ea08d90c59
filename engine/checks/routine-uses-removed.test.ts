import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './routine-uses-removed';
import { expectMarkers, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text NOT NULL DEFAULT 'new', total int);
CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);
CREATE TYPE mood AS ENUM ('ok', 'bad');
INSERT INTO orders VALUES (1, 'a', 'new', 3);
CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT 1); UPDATE orders SET total = 0 WHERE orders.note IS NULL; END $$;`,
};

it('names the function that breaks and where it is defined', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders RENAME COLUMN note TO remark;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ routine-uses-removed
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^count_notes fails at its next call: its body still uses the column orders\.note/);
  expect(finding).toMatchObject({ severity: 'error' });
});

it('sees columns that the body sets', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN total;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ routine-uses-removed
`,
    },
    check,
    { shadow },
  );
});

it('sees tables that go', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DROP TABLE orders CASCADE;
--^^^^^^^^^^^^^^^^^^^^^^^ routine-uses-removed
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/table orders/);
});

it('is silent on other columns and where the function is replaced in the same migration', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN state;
ALTER TABLE orders DROP COLUMN note;
CREATE OR REPLACE FUNCTION count_notes() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
`,
    },
    check,
    { shadow },
  );
});
