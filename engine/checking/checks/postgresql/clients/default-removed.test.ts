import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './default-removed';
import { expectMarkers, startShadow } from '../../testing/sql-fixture';

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

it('reports a default that is removed', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-removed
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Removes the default of orders.state, which earlier releases may rely on');
  expect(finding?.details).toBe('INSERTs that leave the column out write NULL, or fail if the column is NOT NULL.');
  expect(finding?.advice).toBe('Keep the default until no running release relies on it.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('reports a default that changes', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-removed
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Changes the default of orders.state, which earlier releases may rely on');
  expect(finding?.details).toBe('INSERTs that leave the column out write another value.');
});

it('is silent on a first default, on nothing to drop, and on columns of the same release', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;
ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;
ALTER TABLE orders ADD COLUMN extra int DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra DROP DEFAULT;
`,
    },
    check,
    { shadow },
  );
});
