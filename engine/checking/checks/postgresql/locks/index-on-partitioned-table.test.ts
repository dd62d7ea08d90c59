import { expect, it } from 'vitest';
import { check as indexNotConcurrent } from './index-not-concurrent';
import { check } from './index-on-partitioned-table';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events VALUES (1, '2025-02-02'), (2, '2026-02-02');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);
const alone = sqlCheck(check);

it('reports the builds on all partitions with the SQL for each of them', async () => {
  const [finding] = await reports(`CREATE INDEX events_id ON events (id);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ index-on-partitioned-table
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P4'] });
  expect(finding?.message).toBe('Blocks writes to the partitions of events: CREATE INDEX scans them (SHARE)');
  expect(finding?.details).toBe(
    'All partitions stay locked until the last index is built. CONCURRENTLY is refused on a partitioned table.',
  );
  expect(finding?.advice).toMatch(
    /^Create the index ON ONLY the partitioned table, build it CONCURRENTLY on each partition outside a transaction/,
  );
  expect(finding?.advice).toContain('CREATE INDEX events_id ON ONLY events (id);');
  expect(finding?.advice).toContain('CREATE INDEX CONCURRENTLY events_id_events_2025 ON events_2025 (id);');
  expect(finding?.advice).toContain('ALTER INDEX events_id ATTACH PARTITION events_id_events_2026;');
  expect(finding?.fixes).toEqual([]);
});

it('reports index builds on partitioned tables in place of index-not-concurrent', async () => {
  const script = 'CREATE INDEX ON events (id);\nCREATE INDEX ON events (at);\n';
  const findings = await findingsIn(script, { also: [indexNotConcurrent] });
  expect(findings.map(({ id }) => id)).toEqual([check.id, check.id]);
  expect(findings[0]?.message).toBe('Blocks writes to the partitions of events: CREATE INDEX scans them (SHARE)');
  const unobserved = await findingsIn(script, { shadow: false, also: [indexNotConcurrent] });
  expect(unobserved.map(({ id, verified }) => [id, verified])).toEqual([
    [check.id, false],
    [check.id, false],
  ]);
});

it('includes partitions that are partitioned themselves', async () => {
  const fixture = {
    '0001_base.up.sql': `CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);
CREATE TABLE events_2026_0 PARTITION OF events_2026 FOR VALUES WITH (MODULUS 1, REMAINDER 0);`,
    '0002_index.up.sql': 'CREATE UNIQUE INDEX events_key ON events (id, at);',
  };
  const [finding] = await alone.findingsIn(fixture);
  expect(finding?.message).toBe('Blocks writes to the partitions of events: CREATE UNIQUE INDEX scans them (SHARE)');
  expect(finding?.advice).toContain('CREATE UNIQUE INDEX events_key_events_2026 ON ONLY events_2026 (id, at);');
  expect(finding?.advice).toContain('ALTER INDEX events_key_events_2026 ATTACH PARTITION events_key_events_2026_0;');
});

it('shortens the statements for many partitions', async () => {
  const partition = (year: number) =>
    `CREATE TABLE events_${year} PARTITION OF events FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01');`;
  const parent = 'CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);';
  const fixture = {
    '0001_base.up.sql': [parent, ...[2022, 2023, 2024, 2025].map(partition)].join('\n'),
    '0002_index.up.sql': 'CREATE INDEX events_id ON events (id);',
  };
  const [finding] = await alone.findingsIn(fixture);
  expect(finding?.advice).toMatch(/ATTACH PARTITION events_id_events_2024; Repeat this for each partition\.$/);
});

it('is silent on ON ONLY, and on partitioned tables that are new or without partitions', async () => {
  await silentOn('CREATE INDEX events_id ON ONLY events (id);');
  await silentOn('CREATE TABLE logs (at date) PARTITION BY RANGE (at);\nCREATE INDEX logs_at ON logs (at);');
});
