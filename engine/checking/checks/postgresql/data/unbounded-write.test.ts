import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './unbounded-write';
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

it('reports an update of every row', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `UPDATE orders SET note = 'x';
--^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Updates every row of orders in one transaction');
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('reports conditions that every row passes', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DELETE FROM lines WHERE true;
--^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
DELETE FROM orders WHERE 1 = 1;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
DELETE FROM orders WHERE id = id;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`,
    },
    check,
    { shadow },
  );
  expect(finding?.details).toMatch(/A down script cannot restore them/);
});

it('hints at an update that has to read the whole table', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `UPDATE orders SET note = 'x' WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('is silent on rows by key and on tables of the same release', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `UPDATE orders SET note = 'x' WHERE id = 1;
DELETE FROM lines WHERE order_id = 7;
CREATE TABLE scratch (a int);
UPDATE scratch SET a = 1;
DELETE FROM scratch;
`,
    },
    check,
    { shadow },
  );
});
