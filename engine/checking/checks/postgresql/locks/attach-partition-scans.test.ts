import { expect, it } from 'vitest';
import { check } from './attach-partition-scans';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_2022 (id int, at date);
INSERT INTO events_2022 VALUES (1, '2022-02-02');
CREATE TABLE logs (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_2022 (id int, at date);
CREATE TABLE logs_2023 (id int, at date, CHECK (at IS NOT NULL AND at >= '2023-01-01' AND at < '2024-01-01'));`;
const { reports, silentOn } = sqlCheck(check, base);

it('reports the scan of the new partition and of the default partition, with the constraints that avoid it', async () => {
  const [finding] = await reports(`ALTER TABLE events ATTACH PARTITION events_2022 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ attach-partition-scans
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P25'] });
  expect(finding?.message).toBe('Blocks reads and writes of events_2022 and events_rest: ATTACH PARTITION scans them');
  expect(finding?.details).toBe('PostgreSQL checks that every row is in the right partition, unless a CHECK constraint proves it.');
  expect(finding?.advice).toMatch(/^Add such a constraint NOT VALID and validate it, in earlier migrations: /);
  expect(finding?.advice).toContain(
    `ALTER TABLE events_2022 ADD CONSTRAINT events_2022_bound CHECK (at IS NOT NULL AND at >= '2022-01-01' AND at < '2023-01-01') NOT VALID;`,
  );
  expect(finding?.advice).toContain('ALTER TABLE events_rest ADD CONSTRAINT events_rest_bound CHECK (NOT (at IS NOT NULL AND');
});

it('is silent where a constraint proves it, and on tables that are new', () =>
  silentOn(`ALTER TABLE logs ATTACH PARTITION logs_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE logs_2024 (LIKE logs);
ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
`));

it('reports nothing where its advice was followed', () =>
  silentOn({
    '0002_prove.up.sql': `ALTER TABLE logs_2022 ADD CONSTRAINT logs_2022_bound CHECK (at IS NOT NULL AND at >= '2022-01-01' AND at < '2023-01-01') NOT VALID;
ALTER TABLE logs_2022 VALIDATE CONSTRAINT logs_2022_bound;
`,
    '0003_attach.up.sql': `ALTER TABLE logs ATTACH PARTITION logs_2022 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
`,
  }));
