import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './drop-table';
import { expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

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

it('names the dropped table', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DROP TABLE lines;
--^^^^^^^^^^^^^^ drop-table
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Drops table lines, which earlier releases may still use');
  expect(finding?.details).toBe('A down script cannot restore the data.');
  expect(finding?.advice).toBe('Rename it in one release, and drop it in a later one.');
  expect(finding).toMatchObject({ verified: true });
});

it('names all tables of one statement', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DROP TABLE lines, orders;
--^^^^^^^^^^^^^^^^^^^^^^ drop-table
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Drops table lines and table orders, which earlier releases may still use');
  expect(finding?.advice).toBe('Rename them in one release, and drop them in a later one.');
});

it('reports a schema only when it holds tables', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE SCHEMA empty;
DROP SCHEMA empty;
CREATE SCHEMA sales;
CREATE TABLE sales.kept (id int);
DROP SCHEMA sales CASCADE;
--^^^^^^^^^^^^^^^^^^^^^^^ drop-table
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Drops schema sales with its tables, which earlier releases may still use');
});

it('is silent on tables of the same release and on tables that are not there', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TABLE scratch (id int);
DROP TABLE scratch;
DROP TABLE IF EXISTS missing;
`,
    },
    check,
    { shadow },
  );
});

it('reports a schema with unknown content, and databases whatever the embedded server says', async () => {
  const loose = (sql: string) => findingsIn({ 'drop.sql': sql }, [check], { shadow, loose: true });
  expect(await loose('DROP SCHEMA stock;')).toMatchObject([
    { severity: 'info', verified: false, message: 'Fails if schema stock is not empty' },
  ]);
  expect(await loose('DROP SCHEMA stock CASCADE;')).toMatchObject([
    { severity: 'warning', verified: false, message: 'Drops schema stock with all objects, which earlier releases may still use' },
  ]);
  expect(await loose('DROP DATABASE shop;')).toMatchObject([
    { severity: 'warning', message: 'Drops database shop, which earlier releases may still use' },
  ]);
  const known = { ...base, '0002_change.up.sql': 'DROP DATABASE shop;' };
  expect(await findingsIn(known, [check], { shadow })).toMatchObject([{ severity: 'warning' }]);
});
