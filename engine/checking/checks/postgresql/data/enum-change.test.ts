import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './enum-change';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE t (id int);`,
};

it('hints at a new enum type', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TYPE colour AS ENUM ('red', 'blue');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^Values of enum \w+ can be added, but never removed or reordered$/);
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('hints at a value without a place', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE TYPE mood AS ENUM ('ok');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
ALTER TYPE mood ADD VALUE 'worse';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ enum-change
`,
    },
    check,
    { shadow },
  );
});

it('reports a type that goes', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE DOMAIN mood AS text;
CREATE TYPE pair AS (a int, b int);
DROP TYPE pair;
--^^^^^^^^^^^^ enum-change
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ severity: 'info', verified: true });
});

it('is silent on a value with a place and on types that are not there', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `DO $$ BEGIN PERFORM 1; END $$;
DROP TYPE IF EXISTS missing;
`,
    },
    check,
    { shadow },
  );
});
