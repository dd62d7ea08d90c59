import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './detach-partition-blocks';
import { check as statementFails } from '../execution/statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_2020 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;`,
};

it('reports DETACH PARTITION and adds CONCURRENTLY by a fix', async () => {
  const fixture = { ...base, '0002_detach.up.sql': 'ALTER TABLE events DETACH PARTITION events_2020;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P24'] });
  expect(finding?.message).toBe('Queues reads and writes of events while DETACH PARTITION waits for ACCESS EXCLUSIVE');
  expect(finding?.details).toMatch(/^The lock itself is brief, but it waits for every open transaction on the tables/);
  expect(finding?.advice).toMatch(/^Use CONCURRENTLY, .*: ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;$/);
  expect(finding?.fixes[0]?.title).toBe('Detach the partition CONCURRENTLY');
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('advises a lock_timeout where a default partition excludes CONCURRENTLY', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_detach.up.sql': `ALTER TABLE logs DETACH PARTITION logs_2020;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ detach-partition-blocks
`,
    },
    check,
    { shadow },
  );
  expect(finding?.message).toBe('Queues reads and writes of logs while DETACH PARTITION waits for ACCESS EXCLUSIVE');
  expect(finding?.details).toContain(
    'PostgreSQL refuses CONCURRENTLY while the table has a default partition; the statement also locks logs_rest.',
  );
  expect(finding?.advice).toBe("Set a lock timeout and retry: SET LOCAL lock_timeout = '2s';");
  expect(finding?.fixes.map(({ title }) => title)).toEqual(["Insert SET LOCAL lock_timeout = '2s'"]);
  await expectMarkers(
    { ...base, '0002_detach.up.sql': `SET LOCAL lock_timeout = '2s';\nALTER TABLE logs DETACH PARTITION logs_2020;\n` },
    check,
    { shadow },
  );
});

it('explains why CONCURRENTLY is refused', async () => {
  const findings = await findingsIn(
    { ...base, '0002_detach.up.sql': 'ALTER TABLE logs DETACH PARTITION logs_2020 CONCURRENTLY;\n' },
    [check, statementFails],
    { shadow },
  );
  expect(findings.map(({ id, severity }) => [id, severity])).toEqual([[check.id, 'error']]);
  expect(findings[0]).toMatchObject({
    message: 'Fails: CONCURRENTLY is refused while logs has a default partition (55000)',
    details: 'cannot detach partitions concurrently when a default partition exists.',
    advice: "Detach the partition without CONCURRENTLY. Set a lock timeout and retry: SET LOCAL lock_timeout = '2s';",
  });
});

it('is silent on partitioned tables that are new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_fresh.up.sql': `CREATE TABLE fresh (id int) PARTITION BY LIST (id);
CREATE TABLE fresh_one PARTITION OF fresh FOR VALUES IN (1);
ALTER TABLE fresh DETACH PARTITION fresh_one;
`,
    },
    check,
    { shadow },
  );
});
