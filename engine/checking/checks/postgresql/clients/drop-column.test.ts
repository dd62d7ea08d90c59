import { expect, it } from 'vitest';
import { check } from './drop-column';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);
const bySyntax = sqlCheck(check, orders, { shadow: false });

it('marks the dropped column, also inside a DO block', async () => {
  const [finding] = await reports(`ALTER TABLE orders DROP COLUMN note;
--                             ^^^^ drop-column
DO $$ BEGIN ALTER TABLE orders DROP total; END $$;
--                                  ^^^^^ drop-column
`);
  expect(finding?.message).toBe('Drops orders.note, which earlier releases may still use');
  expect(finding?.details).toBe('A down script cannot restore the data.');
  expect(finding?.advice).toBe('Stop using it in one release, and drop it in a later one.');
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('is silent where nothing is dropped, and on columns and tables of the same release', () =>
  silentOn(`ALTER TABLE orders DROP COLUMN IF EXISTS missing;
ALTER TABLE orders ADD COLUMN draft text;
ALTER TABLE orders DROP COLUMN draft;
CREATE TABLE scratch (id int, a int);
ALTER TABLE scratch DROP COLUMN a;
CREATE TEMP TABLE chosen (a int);
ALTER TABLE chosen DROP COLUMN a;
`));

it('judges by the syntax without a database', async () => {
  const [finding] = await bySyntax.reports(`ALTER TABLE orders DROP COLUMN note;
--                             ^^^^ drop-column
`);
  expect(finding).toMatchObject({ verified: false });
});
