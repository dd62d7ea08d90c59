import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './default-not-applied';
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

it('reports a computed default that old rows do not get', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN note SET DEFAULT gen_random_uuid()::text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-not-applied
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^Existing rows of \w+ keep their \w+: the default applies to new rows only$/);
  expect(finding).toMatchObject({ verified: true, severity: 'hint' });
});

it('is silent on constants, on a column that is filled, and on new columns', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders ALTER COLUMN total SET DEFAULT 5;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT now()::text;
UPDATE orders SET note = now()::text WHERE note IS NULL;
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
`,
    },
    check,
    { shadow },
  );
});
