import { expect, it } from 'vitest';
import { check } from './drop-table';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, orders);

it('names the dropped table', async () => {
  const [finding] = await reports(`DROP TABLE lines;
--^^^^^^^^^^^^^^ drop-table
`);
  expect(finding?.message).toBe('Drops table lines, which earlier releases may still use');
  expect(finding?.details).toBe('A down script cannot restore the data.');
  expect(finding?.advice).toBe('Rename it in one release, and drop it in a later one.');
  expect(finding).toMatchObject({ verified: true });
});

it('names all tables of one statement', async () => {
  const [finding] = await reports(`DROP TABLE lines, orders;
--^^^^^^^^^^^^^^^^^^^^^^ drop-table
`);
  expect(finding?.message).toBe('Drops table lines and table orders, which earlier releases may still use');
  expect(finding?.advice).toBe('Rename them in one release, and drop them in a later one.');
});

it('reports a schema only when it holds tables', async () => {
  const [finding] = await reports(`CREATE SCHEMA empty;
DROP SCHEMA empty;
CREATE SCHEMA sales;
CREATE TABLE sales.kept (id int);
DROP SCHEMA sales CASCADE;
--^^^^^^^^^^^^^^^^^^^^^^^ drop-table
`);
  expect(finding?.message).toBe('Drops schema sales with its tables, which earlier releases may still use');
});

it('is silent on tables of the same release and on tables that are not there', () =>
  silentOn(`CREATE TABLE scratch (id int);
DROP TABLE scratch;
DROP TABLE IF EXISTS missing;
`));

it('reports a schema with unknown content, and databases whatever the embedded server says', async () => {
  const loose = (sql: string) => findingsIn(sql, { loose: true });
  expect(await loose('DROP SCHEMA stock;')).toMatchObject([
    { severity: 'info', verified: false, message: 'Fails if schema stock is not empty' },
  ]);
  expect(await loose('DROP SCHEMA stock CASCADE;')).toMatchObject([
    { severity: 'warning', verified: false, message: 'Drops schema stock with all objects, which earlier releases may still use' },
  ]);
  expect(await loose('DROP DATABASE shop;')).toMatchObject([
    { severity: 'warning', message: 'Drops database shop, which earlier releases may still use' },
  ]);
  const known = 'DROP DATABASE shop;';
  expect(await findingsIn(known)).toMatchObject([{ severity: 'warning' }]);
});
