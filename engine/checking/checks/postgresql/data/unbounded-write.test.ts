import { expect, it } from 'vitest';
import { check } from './unbounded-write';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports an update of every row', async () => {
  const [finding] = await reports(`UPDATE orders SET note = 'x';
--^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`);
  expect(finding?.message).toBe('Updates every row of orders in one transaction');
  expect(finding).toMatchObject({ verified: true, severity: 'warning' });
});

it('reports conditions that every row passes', async () => {
  const [finding] = await reports(`DELETE FROM lines WHERE true;
--^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
DELETE FROM orders WHERE 1 = 1;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
DELETE FROM orders WHERE id = id;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`);
  expect(finding?.details).toMatch(/A down script cannot restore them/);
});

it('hints at an update that has to read the whole table', async () => {
  const [finding] = await reports(`UPDATE orders SET note = 'x' WHERE note IS NULL;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unbounded-write
`);
  expect(finding).toMatchObject({ severity: 'hint' });
});

it('is silent on rows by key and on tables of the same release', () =>
  silentOn(`UPDATE orders SET note = 'x' WHERE id = 1;
DELETE FROM lines WHERE order_id = 7;
CREATE TABLE scratch (a int);
UPDATE scratch SET a = 1;
DELETE FROM scratch;
`));
