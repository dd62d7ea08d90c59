import { expect, it } from 'vitest';
import { check } from './collation-change';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY, kind varchar(20), note text);
CREATE INDEX memories_kind ON memories (kind);
INSERT INTO memories VALUES (1, 'joke', 'n');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports indexes that are rebuilt and names them', async () => {
  const [finding] = await reports(`ALTER TABLE memories ALTER COLUMN kind TYPE varchar(20) COLLATE "C";
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ collation-change
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P20'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: the new collation rebuilds memories_kind');
  expect(finding?.details).toBe('memories.kind sorts and compares by "C", also for releases that still run and expect the old order.');
  expect(finding?.advice).toMatch(
    /^Add a column with the new collation, build its indexes CONCURRENTLY and switch over to it\. .* ORDER BY kind COLLATE "C"\.$/,
  );
});

it('names several indexes and the size of the table below the headline', async () => {
  const sql =
    'CREATE INDEX memories_kind_id ON memories (kind, id);\nALTER TABLE memories ALTER COLUMN kind TYPE varchar(20) COLLATE pg_catalog."C";\n';
  const [before = '', change = ''] = sql.split('\n');
  const fixture = { '0002_index.up.sql': before, '0003_collation.up.sql': change };
  const [finding] = await findingsIn(fixture, { sizes: { 'public.memories': 20_000 } });
  expect(finding?.message).toBe('Blocks reads and writes of memories: the new collation rebuilds its indexes');
  expect(finding?.details).toMatch(
    /^The rebuilt indexes are memories_kind and memories_kind_id\. .* by pg_catalog\."C", .* has 20,000 rows\.$/,
  );
});

it('reports only the new order where no index is rebuilt', async () => {
  const [finding] = await reports(`ALTER TABLE memories ALTER COLUMN note TYPE text COLLATE "C";
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ collation-change
`);
  expect(finding).toMatchObject({
    verified: true,
    severity: 'info',
    message: 'Changes the sort order of memories.note: its collation becomes "C"',
  });
});

it('is silent where the collation stays, and on new tables', () =>
  silentOn(`ALTER TABLE memories ALTER COLUMN note TYPE text COLLATE "default";
ALTER TABLE memories ALTER COLUMN kind TYPE text;
CREATE TABLE fresh (kind text);
ALTER TABLE fresh ALTER COLUMN kind TYPE text COLLATE "C";
`));
