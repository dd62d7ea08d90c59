import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './drop-table';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

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

it('names the table that goes', async () => {
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
  expect(finding?.message).toMatch(/^Table lines goes for good/);
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
  expect(finding?.message).toMatch(/^Table lines and table orders go for good/);
});

it('reports a schema only when tables go with it', async () => {
  await expectMarkers(
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

it('reports a schema of which nothing tells what is in it, and databases whatever the embedded server says', async () => {
  const loose = (sql: string) => findingsIn({ 'drop.sql': sql }, [check], { shadow, loose: true });
  expect(await loose('DROP SCHEMA stock;')).toMatchObject([{ severity: 'info', verified: false }]);
  expect(await loose('DROP SCHEMA stock CASCADE;')).toMatchObject([{ severity: 'warning', verified: false }]);
  expect(await loose('DROP DATABASE shop;')).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/^Database shop goes/) },
  ]);
  const known = { ...base, '0002_change.up.sql': 'DROP DATABASE shop;' };
  expect(await findingsIn(known, [check], { shadow })).toMatchObject([{ severity: 'warning' }]);
});
