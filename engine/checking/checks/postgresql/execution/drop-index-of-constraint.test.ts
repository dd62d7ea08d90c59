import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './drop-index-of-constraint';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE SCHEMA sales;
CREATE TABLE sales.orders (id int PRIMARY KEY, number text UNIQUE);
CREATE INDEX orders_id ON sales.orders (id);`,
};

it('drops the constraint instead by a fix', async () => {
  const fixture = {
    ...base,
    '0002_drop.up.sql': `DROP INDEX IF EXISTS sales.orders_number_key;
--                         ^^^^^^^^^^^^^^^^^ drop-index-of-constraint
`,
  };
  const [finding] = await expectMarkers(fixture, check, { shadow });
  expect(finding).toMatchObject({ severity: 'error', hazards: ['P48'] });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_drop.up.sql']).toContain('ALTER TABLE sales.orders DROP CONSTRAINT IF EXISTS orders_number_key;');
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('leaves an index alone that belongs to no constraint', async () => {
  await expectMarkers({ ...base, '0002_drop.up.sql': 'DROP INDEX sales.orders_id;' }, check, { shadow });
});
