import { expect, it } from 'vitest';
import { check } from './partition-creation-locks-parent';
import { check as attachPartitionScans } from './attach-partition-scans';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE events (id int GENERATED ALWAYS AS IDENTITY, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE logs (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports a partition that is created in place, and creates and attaches it by a fix', async () => {
  const script = `CREATE TABLE events_2022 PARTITION OF events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');\n`;
  const [finding] = await findingsIn(script);
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P26'] });
  expect(finding?.message).toBe('Queues reads and writes of events while CREATE TABLE waits for ACCESS EXCLUSIVE');
  expect(await afterFix(script, { also: [attachPartitionScans, statementFails] }))
    .toBe(`CREATE TABLE events_2022 (LIKE events INCLUDING ALL EXCLUDING IDENTITY);
ALTER TABLE events ATTACH PARTITION events_2022 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
`);
});

it('warns if the default partition is scanned, which no other check reports', async () => {
  const [finding] = await reports(`CREATE TABLE logs_2022 PARTITION OF logs FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ partition-creation-locks-parent
`);
  expect(finding).toMatchObject({ severity: 'warning', fixes: [] });
  expect(finding?.message).toBe('Blocks reads and writes of logs_rest: CREATE TABLE scans the table (ACCESS EXCLUSIVE)');
  expect(finding?.details).toContain('no row of logs_rest belongs in the new partition');
});

it('is silent on new partitioned tables', () =>
  silentOn(`CREATE TABLE fresh (id int) PARTITION BY LIST (id);
CREATE TABLE fresh_one PARTITION OF fresh FOR VALUES IN (1);
`));
