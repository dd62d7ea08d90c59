import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './unsafe-down';
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

it('reports a down script that reads or rewrites an old table', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;
DROP INDEX IF EXISTS orders_note;
`,
      '0002_change.down.sql': `ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unsafe-down
CREATE INDEX orders_note ON orders (note);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unsafe-down
`,
    },
    check,
    { shadow },
  );
  expect(finding?.details).toBe('It fails if a row written since has no state.');
});

it('is silent on tables that the up script or the down script creates', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE scratch (a int);
ALTER TABLE orders ADD COLUMN extra int;
`,
      '0002_change.down.sql': `CREATE TABLE again (a int);
CREATE INDEX again_a ON again (a);
CREATE MATERIALIZED VIEW sums AS SELECT total FROM orders;
CREATE UNIQUE INDEX sums_total ON sums (total);
ALTER TABLE scratch ALTER COLUMN a SET NOT NULL;
DROP TABLE scratch;
ALTER TABLE orders DROP COLUMN extra;
`,
    },
    check,
    { shadow },
  );
});

it.each([
  ['bigint', 'int', 'It fails if a value of total does not fit integer: bigint can contain numbers that are out of range for integer.'],
  ['int', 'bigint', ''],
  ['numeric', 'numeric(6, 2)', 'It changes values of total without an error: Values are rounded to 2 decimal places.'],
])('says of a change from %s back to %s for which values it fails', async (from, to, said) => {
  const statement = `ALTER TABLE wide ALTER COLUMN total TYPE ${to}`;
  const [finding] = await expectMarkers(
    {
      '0001_base.up.sql': `CREATE TABLE wide (total ${to});`,
      '0002_change.up.sql': `ALTER TABLE wide ALTER COLUMN total TYPE ${from};`,
      '0002_change.down.sql': `${statement};\n--${'^'.repeat(statement.length - 2)} unsafe-down\n`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Rollback blocks reads and writes of wide: it rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.details ?? '').toBe(said);
});
