import { expect, it } from 'vitest';
import { check } from './reindex-not-concurrent';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id bigint PRIMARY KEY, kind varchar(20));
CREATE INDEX memories_kind ON memories (kind);
INSERT INTO memories VALUES (1, 'joke');`;
const { findingsIn, reports, silentOn } = sqlCheck(check, base);

it('reports that writes wait, and most reads in planning', async () => {
  const [finding] = await reports(`REINDEX TABLE memories;
--^^^^^^^^^^^^^^^^^^^^ reindex-not-concurrent
`);
  expect(finding).toMatchObject({ verified: true, hazards: ['P3'] });
  expect(finding?.message).toBe('Blocks writes to memories: REINDEX scans the table (SHARE)');
  expect(finding?.details).toMatch(/^Most reads wait too: /);
});

it('rebuilds CONCURRENTLY by a fix', async () => {
  for (const sql of ['REINDEX INDEX memories_kind;', 'reindex (verbose) table memories;']) {
    const fixture = { '0001_base.sql': base, '0002_reindex.sql': `${sql}\n` };
    const fixed = await sqlCheck(check).afterFix(fixture);
    expect(fixed['0002_reindex.sql']).toMatch(/^-- no-transaction\nreindex .*(?:index|table) CONCURRENTLY memories/i);
  }
});

it('names the indexes that REINDEX SCHEMA rebuilds, although its locks are not shown', async () => {
  const script = '-- no-transaction\nREINDEX SCHEMA public;\n';
  const [finding] = await findingsIn(script);
  expect(finding?.verified).toBe(true);
  expect(finding?.message).toBe('Blocks writes while REINDEX rebuilds memories_pkey and memories_kind (SHARE)');
});

it('advises a second index if the oldest server has no REINDEX CONCURRENTLY', async () => {
  const script = 'REINDEX INDEX memories_kind;\n';
  const [finding] = await findingsIn(script, { minimum: 11 });
  expect(finding?.advice).toContain('REINDEX CONCURRENTLY needs PostgreSQL 12');
  expect(finding?.fixes).toEqual([]);
});

it('is silent on new tables', () => silentOn('CREATE TABLE fresh (id int PRIMARY KEY);\nREINDEX TABLE fresh;\n'));

it('is not verified if only the syntax is known', async () => {
  const findings = await findingsIn('REINDEX TABLE memories;\nREINDEX INDEX memories_kind;\n', { loose: true, shadow: false });
  expect(findings.map(({ verified }) => verified)).toEqual([false, false]);
});
