import { expect, it } from 'vitest';
import { check } from './default-removed';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports a default that is removed', async () => {
  const [finding] = await reports(`ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-removed
`);
  expect(finding?.message).toBe('Removes the default of orders.state, which earlier releases may rely on');
  expect(finding?.details).toBe('INSERTs that leave the column out write NULL, or fail if the column is NOT NULL.');
  expect(finding?.advice).toBe('Keep the default until no running release relies on it.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('reports a default that changes', async () => {
  const [finding] = await reports(`ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-removed
`);
  expect(finding?.message).toBe('Changes the default of orders.state, which earlier releases may rely on');
  expect(finding?.details).toBe('INSERTs that leave the column out write another value.');
});

it('is silent on a first default, on nothing to drop, and on columns of the same release', () =>
  silentOn(`ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;
ALTER TABLE orders ALTER COLUMN note DROP DEFAULT;
ALTER TABLE orders ADD COLUMN extra int DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra DROP DEFAULT;
`));
