import { expect, it } from 'vitest';
import { check } from './drop-index-not-concurrent';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id bigint PRIMARY KEY, kind varchar(20), weight int);
CREATE INDEX memories_kind ON memories (kind);
CREATE INDEX memories_weight ON memories (weight);
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX events_at ON events (at);`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports that reads and writes queue behind the lock on the table', async () => {
  const [finding] = await reports(`DROP INDEX IF EXISTS memories_kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ drop-index-not-concurrent
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P2'] });
  expect(finding?.message).toBe('Queues reads and writes of memories while DROP INDEX waits for ACCESS EXCLUSIVE');
  expect(finding?.details).toBe(
    'The lock itself is brief, but it waits for every open transaction on the table, and later reads and writes queue behind it.',
  );
  expect(finding?.advice).toMatch(/^Use DROP INDEX CONCURRENTLY for one index per statement, without CASCADE, in a migration of its own/);
});

it('drops CONCURRENTLY by a fix that turns the transaction off, where the statement is alone', async () => {
  const fixture = { '0001_base.sql': base, '0002_drop.sql': 'drop index if exists memories_kind;\n' };
  const fixed = await sqlCheck(check).afterFix(fixture);
  expect(fixed['0002_drop.sql']).toBe('-- no-transaction\ndrop index CONCURRENTLY if exists memories_kind;\n');
});

it('has no fix for several indexes, for a script of several statements, and for an index of a partitioned table', async () => {
  for (const sql of ['DROP INDEX memories_kind, memories_weight;', 'SELECT 1;\nDROP INDEX memories_kind;', 'DROP INDEX events_at;']) {
    const [finding, ...others] = await findingsIn(sql);
    expect(finding?.fixes).toEqual([]);
    expect(others).toEqual([]);
  }
});

it('says that the index of a partitioned table cannot be dropped CONCURRENTLY', async () => {
  const [finding] = await findingsIn('DROP INDEX events_at;');
  expect(finding?.message).toBe('Queues reads and writes of events and events_2026 behind DROP INDEX');
  expect(finding?.details).toContain('The index of a partitioned table cannot be dropped CONCURRENTLY.');
});

it('is silent on indexes of tables that are new, and on DROP INDEX CONCURRENTLY', async () => {
  await silentOn('CREATE TABLE fresh (id int);\nCREATE INDEX fresh_id ON fresh (id);\nDROP INDEX fresh_id;\n');
  await silentOn('-- no-transaction\nDROP INDEX CONCURRENTLY memories_kind;\n');
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const [finding, ...others] = await findingsIn(
    'CREATE TABLE fresh (id int);\nCREATE INDEX fresh_id ON fresh (id);\nDROP INDEX fresh_id;\nDROP INDEX memories_kind;\n',
    { loose: true, shadow: false },
  );
  expect(finding?.verified).toBe(false);
  expect(finding?.message).toBe('Queues reads and writes of the indexed table while DROP INDEX waits for ACCESS EXCLUSIVE');
  expect(others).toEqual([]);
});

it('says what to do about the index of a partitioned table', async () => {
  const log = `CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX log_at ON log (at);`;
  const [finding] = await sqlCheck(check, log).findingsIn('DROP INDEX log_at;');
  expect(finding?.details).toMatch(/ The index of a partitioned table cannot be dropped CONCURRENTLY\.$/);
  expect(finding?.advice).toBe("Set a lock timeout and retry: SET LOCAL lock_timeout = '2s';");
});

it('reports as information an index whose table the transaction alters or drops later', async () => {
  const severityOf = async (later: string) => {
    const script = `DROP INDEX memories_kind;\n${later}`;
    return (await findingsIn(script)).map(({ severity }) => severity);
  };
  expect(await severityOf('DROP TABLE IF EXISTS memories;')).toEqual(['info']);
  expect(await severityOf('ALTER TABLE memories ADD COLUMN note text;')).toEqual(['info']);
  expect(await severityOf('DROP TABLE events;')).toEqual(['warning']);
});
