import { expect, it } from 'vitest';
import { check } from './replica-identity';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports a primary key that goes', async () => {
  const [finding] = await reports(`ALTER TABLE lines DROP CONSTRAINT lines_pkey;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
`);
  expect(finding?.message).toMatch(/^UPDATE and DELETE on \w+ fail under logical replication without the primary key$/);
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('reports identity NOTHING and all triggers off', () =>
  reports(`ALTER TABLE orders REPLICA IDENTITY NOTHING;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
ALTER TABLE orders DISABLE TRIGGER ALL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ replica-identity
`));

it('is silent when another primary key comes, on user triggers and on other constraints', () =>
  silentOn(`ALTER TABLE lines DROP CONSTRAINT lines_pkey, ADD PRIMARY KEY (id);
ALTER TABLE orders DISABLE TRIGGER USER;
ALTER TABLE orders REPLICA IDENTITY FULL;
ALTER TABLE lines DROP CONSTRAINT lines_order_id_fkey;
`));
