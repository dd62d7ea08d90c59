import { expect, it } from 'vitest';
import { check } from './default-not-applied';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports a computed default that old rows do not get', async () => {
  const [finding] = await reports(`ALTER TABLE orders ALTER COLUMN note SET DEFAULT gen_random_uuid()::text;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ default-not-applied
`);
  expect(finding?.message).toMatch(/^Existing rows of \w+ keep their \w+: the default applies to new rows only$/);
  expect(finding).toMatchObject({ verified: true, severity: 'hint' });
});

it('is silent on constants, on a column that is filled, and on new columns', () =>
  silentOn(`ALTER TABLE orders ALTER COLUMN total SET DEFAULT 5;
ALTER TABLE orders ALTER COLUMN note SET DEFAULT now()::text;
UPDATE orders SET note = now()::text WHERE note IS NULL;
ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
`));
