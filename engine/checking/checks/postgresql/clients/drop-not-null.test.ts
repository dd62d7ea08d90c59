import { expect, it } from 'vitest';
import { check } from './drop-not-null';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports a column that readers may find empty', async () => {
  const [finding] = await reports(`ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ drop-not-null
`);
  expect(finding?.message).toBe('Allows NULL in orders.state, which earlier releases may not expect');
  expect(finding?.advice).toBe('Release code that can read NULL first, and write NULL only in a later release.');
  expect(finding).toMatchObject({ verified: true, severity: 'info' });
});

it('is silent on new columns and new tables', () =>
  silentOn(`ALTER TABLE orders ADD COLUMN extra int NOT NULL DEFAULT 1;
ALTER TABLE orders ALTER COLUMN extra DROP NOT NULL;
CREATE TABLE scratch (a int NOT NULL);
ALTER TABLE scratch ALTER a DROP NOT NULL;
`));
