import { expect, it } from 'vitest';
import { check } from './drop-table-locks-referenced';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE memories (id int PRIMARY KEY, owner int REFERENCES owners);
CREATE TABLE plain (id int);
CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('names the table that a foreign key refers to, and the foreign key to drop first', async () => {
  const [finding] = await reports(`DROP TABLE memories;
--^^^^^^^^^^^^^^^^^ drop-table-locks-referenced
`);
  expect(finding).toMatchObject({ verified: true, severity: 'info', hazards: ['P29'] });
  expect(finding?.message).toBe('Also queues reads and writes of owners: a foreign key connects it to memories');
  expect(finding?.advice).toBe(
    "Drop the foreign keys first, each in a transaction of its own with a lock timeout: SET LOCAL lock_timeout = '2s'; ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;",
  );
  expect(finding?.related[0]?.message).toBe('Adds the foreign key memories_owner_fkey.');
});

it('names the other table where CASCADE drops its foreign key, and the parent of a partition', async () => {
  const [cascade] = await findingsIn('DROP TABLE owners CASCADE;\n');
  expect(cascade?.message).toBe('Also queues reads and writes of memories: a foreign key connects it to owners');
  const [partition] = await findingsIn('DROP TABLE events_2020;\n');
  expect(partition?.message).toBe('Also queues reads and writes of events: events_2020 is a partition of it');
  expect(partition?.advice).toMatch(/^Detach the partition first, CONCURRENTLY where possible, and then drop it\./);
});

it('is silent where both are dropped, on tables without foreign keys, and where those were dropped before', async () => {
  await silentOn('DROP TABLE plain;\nDROP TABLE memories, owners;\n');
  await silentOn({
    '0002_unlink.up.sql': 'ALTER TABLE memories DROP CONSTRAINT memories_owner_fkey;\n',
    '0003_drop.up.sql': 'DROP TABLE memories;\n',
  });
});
