import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './replica-identity';
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

it('reports a primary key that goes', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE lines DROP CONSTRAINT lines_pkey;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toMatch(/^UPDATE and DELETE on \w+ fail under logical replication without the primary key$/);
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('reports identity NOTHING and all triggers off', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE orders REPLICA IDENTITY NOTHING;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
ALTER TABLE orders DISABLE TRIGGER ALL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
`,
    },
    check,
    { shadow },
  );
});

it('is silent when another primary key comes, on user triggers and on other constraints', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_change.up.sql': `ALTER TABLE lines DROP CONSTRAINT lines_pkey, ADD PRIMARY KEY (id);
ALTER TABLE orders DISABLE TRIGGER USER;
ALTER TABLE orders REPLICA IDENTITY FULL;
ALTER TABLE lines DROP CONSTRAINT lines_order_id_fkey;
`,
    },
    check,
    { shadow },
  );
});
