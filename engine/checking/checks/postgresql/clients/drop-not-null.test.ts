import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './drop-not-null';
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

it('reports a column that readers may find empty', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ drop-not-null
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Allows NULL in orders.state, which earlier releases may not expect');
  expect(finding?.advice).toBe('Release code that can read NULL first, and write NULL only in a later release.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('is silent on new columns and new tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ADD COLUMN extra int NOT NULL DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra DROP NOT NULL;
CREATE TABLE scratch (a int NOT NULL);
ALTER TABLE scratch ALTER a DROP NOT NULL;
`,
    },
    check,
    { shadow },
  );
});
