import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './detach-partition-blocks';
import { check as statementFails } from './statement-fails';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

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

it('reports a detachment and makes it CONCURRENTLY by a fix', async () => {
  const fixture = { ...base, '0002_detach.up.sql': 'ALTER TABLE events DETACH PARTITION events_2020;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P24'] });
  expect(finding?.message).toContain('ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;');
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(await findingsIn(fixed, [check, statementFails], { shadow })).toEqual([]);
});

it('advises a lock_timeout where a default partition rules CONCURRENTLY out', async () => {
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
  expect(finding?.message).toContain('CONCURRENTLY is refused while there is a default partition (logs_rest is locked too)');
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
