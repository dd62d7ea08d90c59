import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './set-schema';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

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
  expect(finding?.message).toMatch(/^Releases that look for the table orders/);
  expect(finding).toMatchObject({ verified: true });
});

it('leaves a view at the old place by a fix', async () => {
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
