import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check as indexNotConcurrent } from './index-not-concurrent';
import { check } from './index-on-partitioned-table';
import { expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events VALUES (1, '2025-02-02'), (2, '2026-02-02');`,
};

it('reports the builds on all partitions with the SQL for each of them', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_index.up.sql': `CREATE INDEX events_id ON events (id);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ index-on-partitioned-table
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P4'] });
  expect(finding?.message).toContain('CREATE INDEX events_id ON ONLY events (id);');
  expect(finding?.message).toContain('CREATE INDEX CONCURRENTLY events_id_events_2025 ON events_2025 (id);');
  expect(finding?.message).toContain('ALTER INDEX events_id ATTACH PARTITION events_id_events_2026;');
  expect(finding?.fixes).toEqual([]);
});

it('is the only one of the two checks of index builds that speaks', async () => {
  const fixture = { ...base, '0002_index.up.sql': 'CREATE INDEX ON events (id);\nCREATE INDEX ON events (at);\n' };
  const findings = await findingsIn(fixture, [check, indexNotConcurrent], { shadow });
  expect(findings.map(({ id }) => id)).toEqual([check.id, check.id]);
  const unobserved = await findingsIn(fixture, [check, indexNotConcurrent]);
  expect(unobserved.map(({ id, verified }) => [id, verified])).toEqual([
    [check.id, false],
    [check.id, false],
  ]);
});

it('goes through partitions that are partitioned themselves', async () => {
  const fixture = {
    '0001_base.up.sql': `CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
CREATE TABLE events_2026_0 PARTITION OF events_2026 FOR VALUES WITH (MODULUS 1, REMAINDER 0);`,
    '0002_index.up.sql': 'CREATE UNIQUE INDEX events_key ON events (id, at);',
  };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.message).toContain('CREATE UNIQUE INDEX events_key_events_2026 ON ONLY events_2026 (id, at);');
  expect(finding?.message).toContain('ALTER INDEX events_key_events_2026 ATTACH PARTITION events_key_events_2026_0;');
});

it('is silent on ON ONLY, and on partitioned tables that are new or without partitions', async () => {
  await expectMarkers({ ...base, '0002_index.up.sql': 'CREATE INDEX events_id ON ONLY events (id);' }, check, { shadow });
  await expectMarkers(
    { ...base, '0002_new.up.sql': 'CREATE TABLE logs (at date) PARTITION BY RANGE (at);\nCREATE INDEX logs_at ON logs (at);' },
    check,
    { shadow },
  );
});
