import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './set-schema';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

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

it('reports a table that moves', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE SCHEMA archive;
ALTER TABLE orders SET SCHEMA archive;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ set-schema
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Releases that still use table orders fail: it moves to schema archive');
  expect(finding?.advice).toBe('Keep a view in the old schema until no release uses it.');
  expect(finding).toMatchObject({ verified: true });
});

it('creates a view in the old schema by a fix', async () => {
  const fixture = {
    ...base,
    '0002_change.up.sql': `CREATE SCHEMA archive;
ALTER TABLE orders SET SCHEMA archive;
`,
  };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_change.up.sql']).toContain('CREATE VIEW public.orders AS SELECT * FROM archive.orders');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it.each([
  [
    'FUNCTION total()',
    "CREATE FUNCTION total() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    'Keep a wrapper in the old schema until no release uses it.',
  ],
  ['TYPE mood', 'SELECT 1', 'Move it when no release uses the old name.'],
])('advises on %s', async (object, before, advice) => {
  const files = {
    ...base,
    '0002_before.up.sql': `${before};`,
    '0003_move.up.sql': `CREATE SCHEMA archive; ALTER ${object} SET SCHEMA archive;`,
  };
  expect(await findingsIn(files, [check], { shadow })).toMatchObject([{ advice }]);
});

it('is silent on tables of the same release', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `CREATE SCHEMA archive;
CREATE TABLE scratch (a int);
ALTER TABLE scratch SET SCHEMA archive;
`,
    },
    check,
    { shadow },
  );
});
