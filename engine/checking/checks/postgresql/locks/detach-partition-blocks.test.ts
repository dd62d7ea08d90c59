import { expect, it } from 'vitest';
import { check } from './detach-partition-blocks';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports DETACH PARTITION and adds CONCURRENTLY by a fix', async () => {
  const script = 'ALTER TABLE events DETACH PARTITION events_2020;\n';
  const [finding] = await findingsIn(script);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P24'] });
  expect(finding?.message).toBe('Queues reads and writes of events while DETACH PARTITION waits for ACCESS EXCLUSIVE');
  expect(finding?.details).toMatch(/^The lock itself is brief, but it waits for every open transaction on the tables/);
  expect(finding?.advice).toMatch(/^Use CONCURRENTLY, .*: ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;$/);
  expect(finding?.fixes[0]?.title).toBe('Detach the partition CONCURRENTLY');
  await afterFix(script, { also: [statementFails] });
});

it('advises a lock_timeout where a default partition excludes CONCURRENTLY', async () => {
  const [finding] = await reports(`ALTER TABLE logs DETACH PARTITION logs_2020;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ detach-partition-blocks
`);
  expect(finding?.message).toBe('Queues reads and writes of logs while DETACH PARTITION waits for ACCESS EXCLUSIVE');
  expect(finding?.details).toContain(
    'PostgreSQL refuses CONCURRENTLY while the table has a default partition; the statement also locks logs_rest.',
  );
  expect(finding?.advice).toBe("Set a lock timeout and retry: SET LOCAL lock_timeout = '2s';");
  expect(finding?.fixes.map(({ title }) => title)).toEqual(["Insert SET LOCAL lock_timeout = '2s'"]);
  await silentOn(`SET LOCAL lock_timeout = '2s';\nALTER TABLE logs DETACH PARTITION logs_2020;\n`);
});

it('explains why CONCURRENTLY is refused', async () => {
  const findings = await findingsIn('ALTER TABLE logs DETACH PARTITION logs_2020 CONCURRENTLY;\n', { also: [statementFails] });
  expect(findings.map(({ id, severity }) => [id, severity])).toEqual([[check.id, 'error']]);
  expect(findings[0]).toMatchObject({
    message: 'Fails: CONCURRENTLY is refused while logs has a default partition (55000)',
    details: 'cannot detach partitions concurrently when a default partition exists.',
    advice: "Detach the partition without CONCURRENTLY. Set a lock timeout and retry: SET LOCAL lock_timeout = '2s';",
  });
});

it('is silent on partitioned tables that are new', () =>
  silentOn(`CREATE TABLE fresh (id int) PARTITION BY LIST (id);
CREATE TABLE fresh_one PARTITION OF fresh FOR VALUES IN (1);
ALTER TABLE fresh DETACH PARTITION fresh_one;
`));
