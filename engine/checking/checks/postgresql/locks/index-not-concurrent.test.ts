import { expect, it } from 'vitest';
import { linesBelow } from '../../../../core/finding-text';
import { check } from './index-not-concurrent';
import { check as statementFails } from '../execution/statement-fails';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id bigint PRIMARY KEY, kind varchar(20)); CREATE TABLE owners (id bigint);';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);
const bySyntax = sqlCheck(check, '', { loose: true, shadow: false });

it('reports an index build on a table of an earlier release and names the lock', async () => {
  const [finding] = await reports({
    '0002_index.up.sql': `CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ index-not-concurrent
`,
  });
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P1'] });
  expect(finding?.message).toBe('Blocks writes to memories: CREATE INDEX scans the table (SHARE)');
  expect(finding?.advice).toMatch(/^Use CREATE INDEX CONCURRENTLY, in a migration of its own/);
  expect(finding && linesBelow(finding).at(-1)).toBe('Seen in PostgreSQL 18: SHARE lock on memories, scan of memories.');
});

it('builds CONCURRENTLY by a fix where the statement stands alone outside a transaction', async () => {
  const fixture = { '0002_index.up.sql': '-- no-transaction\ncreate unique index memories_kind on memories (kind);\n' };
  const fixed = await afterFix(fixture);
  expect(fixed['0002_index.up.sql']).toContain('create unique index CONCURRENTLY memories_kind');
});

it('writes the header of the layout by the same fix, but only where the statement is alone', async () => {
  const plain = (sql: string) => ({ '0001_base.sql': base, '0002_index.sql': sql });
  const fixture = plain('CREATE INDEX memories_kind ON memories (kind);\n');
  const fixed = await sqlCheck(check).afterFix(fixture, { also: [statementFails] });
  expect(fixed['0002_index.sql']).toBe('-- no-transaction\nCREATE INDEX CONCURRENTLY memories_kind ON memories (kind);\n');
  const [beside] = await sqlCheck(check).findingsIn(plain('SELECT 1;\nCREATE INDEX memories_kind ON memories (kind);\n'));
  expect(beside?.fixes).toEqual([]);
});

it('is silent on tables that are born in the same release', async () => {
  const manifest = 'manifest: 1\nsystem: mem8\nreleases:\n  - version: 1.0.0\n    migrations: [0001_base, 0002_index]\n';
  await silentOn({ 'upgrade.yaml': manifest, '0002_index.up.sql': 'CREATE INDEX memories_kind ON memories (kind);\n' });
});

it('judges by the syntax where nothing was observed, and says so', async () => {
  const [finding] = await bySyntax.reports(`CREATE TABLE fresh (id int);
CREATE INDEX fresh_id ON fresh (id);
CREATE INDEX memories_kind ON memories (kind);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ index-not-concurrent
`);
  expect(finding?.verified).toBe(false);
  expect(finding && linesBelow(finding).at(-1)).toBe('Not verified: the statement did not run in the embedded database.');
});

it('grades by the size of the table where it is known', async () => {
  const fixture = { '0002_index.up.sql': 'CREATE INDEX memories_kind ON memories (kind);\n' };
  const grade = async (rows: number) => (await findingsIn(fixture, { sizes: { 'public.memories': rows } }))[0]?.severity;
  expect([await grade(100), await grade(100_000), await grade(5_000_000)]).toEqual(['hint', 'warning', 'error']);
});

it('marks the build inside a DO block, and only when the block really builds', () =>
  reports({
    '0002_index.up.sql': `DO $$ BEGIN
    CREATE INDEX memories_kind ON memories (kind);
--  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ index-not-concurrent
    IF false THEN CREATE INDEX owners_id ON owners (id); END IF;
END $$;
`,
  }));
