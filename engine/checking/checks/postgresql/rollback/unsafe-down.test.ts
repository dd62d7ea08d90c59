import { expect, it } from 'vitest';
import { check } from './unsafe-down';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports a down script that reads or rewrites an old table', async () => {
  const [finding] = await reports({
    '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;
DROP INDEX IF EXISTS orders_note;
`,
    '0002_change.down.sql': `ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unsafe-down
CREATE INDEX orders_note ON orders (note);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unsafe-down
`,
  });
  expect(finding?.details).toBe('It fails if a row written since has no state.');
});

it('is silent on tables that the up script or the down script creates', () =>
  silentOn({
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
  }));

it.each([
  ['bigint', 'int', 'It fails if a value of total does not fit integer: bigint can contain numbers that are out of range for integer.'],
  ['int', 'bigint', ''],
  ['numeric', 'numeric(6, 2)', 'It changes values of total without an error: Values are rounded to 2 decimal places.'],
])('says of a change from %s back to %s for which values it fails', async (from, to, said) => {
  const statement = `ALTER TABLE wide ALTER COLUMN total TYPE ${to}`;
  const [finding] = await sqlCheck(check).reports({
    '0001_base.up.sql': `CREATE TABLE wide (total ${to});`,
    '0002_change.up.sql': `ALTER TABLE wide ALTER COLUMN total TYPE ${from};`,
    '0002_change.down.sql': `${statement};\n--${'^'.repeat(statement.length - 2)} unsafe-down\n`,
  });
  expect(finding?.message).toBe('Rollback blocks reads and writes of wide: it rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.details ?? '').toBe(said);
});
