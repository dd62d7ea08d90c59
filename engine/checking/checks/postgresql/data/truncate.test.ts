import { expect, it } from 'vitest';
import { check } from './truncate';
import { orders } from '../../testing/bases';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, orders);

it('reports the rows that go and the lock', async () => {
  const [finding] = await reports(`TRUNCATE lines;
--^^^^^^^^^^^^ truncate
`);
  expect(finding?.message).toBe('Deletes every row of lines under an ACCESS EXCLUSIVE lock');
  expect(finding).toMatchObject({ verified: true });
});

it('names the tables that CASCADE empties', async () => {
  const [finding] = await reports(`TRUNCATE orders CASCADE;
--^^^^^^^^^^^^^^^^^^^^^ truncate
`);
  expect(finding?.details).toMatch(/CASCADE also truncates lines\./);
});

it('is silent on a table of the same release', () =>
  silentOn(`CREATE TABLE scratch (id int);
TRUNCATE scratch;
`));

it('does not tell the partitions of what is named as emptied by CASCADE', async () => {
  const log = `CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');`;
  const [finding] = await sqlCheck(check, log).findingsIn('TRUNCATE log;');
  expect(finding?.message).toMatch(/^Deletes every row of log /);
  expect(finding?.details).not.toContain('CASCADE');
});
