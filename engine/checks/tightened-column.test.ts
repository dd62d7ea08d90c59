import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './tightened-column';
import { expectMarkers, startShadow } from './testing/sql-fixture';

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

it('reports a column that becomes required', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN note SET NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/that have no note\./);
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('reports a CHECK, also one that is not valid yet', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ tightened-column
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/fail the CHECK positive/);
});

it('is silent on new columns and new tables', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ADD COLUMN extra int DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra SET NOT NULL;
CREATE TABLE scratch (a int);
ALTER TABLE scratch ALTER a SET NOT NULL;
`,
    },
    check,
    { shadow },
  );
});
