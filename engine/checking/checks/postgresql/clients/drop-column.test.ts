import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './drop-column';
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

it('marks the dropped column, also inside a DO block', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN note;
--                             ^^^^ drop-column
DO $$ BEGIN ALTER TABLE orders DROP total; END $$;
--                                  ^^^^^ drop-column
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Drops orders.note, which earlier releases may still use');
  expect(finding?.details).toBe('A down script cannot restore the data.');
  expect(finding?.advice).toBe('Stop using it in one release, and drop it in a later one.');
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('is silent where nothing is dropped, and on columns and tables of the same release', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN IF EXISTS missing;
ALTER TABLE orders ADD COLUMN draft text;
ALTER TABLE orders DROP COLUMN draft;
CREATE TABLE scratch (id int, a int);
ALTER TABLE scratch DROP COLUMN a;
CREATE TEMP TABLE chosen (a int);
ALTER TABLE chosen DROP COLUMN a;
`,
    },
    check,
    { shadow },
  );
});

it('judges by the syntax without a database', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders DROP COLUMN note;
--                             ^^^^ drop-column
`,
    },
    check,
    {},
  );
  expect(finding).toMatchObject({ verified: false });
});
