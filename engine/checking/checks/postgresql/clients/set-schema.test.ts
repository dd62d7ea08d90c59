import { expect, it } from 'vitest';
import { check } from './set-schema';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, orders);

it('reports a table that moves', async () => {
  const [finding] = await reports(`CREATE SCHEMA archive;
ALTER TABLE orders SET SCHEMA archive;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ set-schema
`);
  expect(finding?.message).toBe('Releases that still use table orders fail: it moves to schema archive');
  expect(finding?.advice).toBe('Keep a view in the old schema until no release uses it.');
  expect(finding).toMatchObject({ verified: true });
});

it('creates a view in the old schema by a fix', async () => {
  const script = `CREATE SCHEMA archive;
ALTER TABLE orders SET SCHEMA archive;
`;
  expect(await afterFix(script)).toContain('CREATE VIEW public.orders AS SELECT * FROM archive.orders');
});

it.each([
  [
    'FUNCTION total()',
    "CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'Keep a wrapper in the old schema until no release uses it.',
  ],
  ['TYPE mood', 'SELECT 1', 'Move it when no release uses the old name.'],
])('advises on %s', async (object, before, advice) => {
  const files = { '0002_before.up.sql': `${before};`, '0003_move.up.sql': `CREATE SCHEMA archive; ALTER ${object} SET SCHEMA archive;` };
  expect(await findingsIn(files)).toMatchObject([{ advice }]);
});

it('is silent on tables of the same release', () =>
  silentOn(`CREATE SCHEMA archive;
CREATE TABLE scratch (a int);
ALTER TABLE scratch SET SCHEMA archive;
`));
