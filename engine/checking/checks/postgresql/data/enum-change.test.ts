import { expect, it } from 'vitest';
import { check } from './enum-change';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, `CREATE TABLE t (id int);`);

it('hints at a new enum type', async () => {
  const [finding] = await reports(`CREATE TYPE colour AS ENUM ('red', 'blue');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
`);
  expect(finding?.message).toMatch(/^Values of enum \w+ can be added, but never removed or reordered$/);
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('hints at a value without a place', () =>
  reports(`CREATE TYPE mood AS ENUM ('ok');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
ALTER TYPE mood ADD VALUE 'worse';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
`));

it('reports a type that goes', async () => {
  const [finding] = await reports(`CREATE DOMAIN mood AS text;
CREATE TYPE pair AS (a int, b int);
DROP TYPE pair;
--^^^^^^^^^^^^ enum-change
`);
  expect(finding).toMatchObject({ severity: 'info', verified: true });
});

it('is silent on a value with a place and on types that are not there', () =>
  silentOn(`DO $$ BEGIN PERFORM 1; END $$;
DROP TYPE IF EXISTS missing;
`));
