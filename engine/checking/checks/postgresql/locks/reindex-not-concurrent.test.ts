import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './reindex-not-concurrent';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE memories (id bigint PRIMARY KEY, kind varchar(20));
CREATE INDEX memories_kind ON memories (kind);
INSERT INTO memories VALUES (1, 'joke');`,
};

it('reports that writes wait, and most reads in planning', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_reindex.up.sql': `REINDEX TABLE memories;
--^^^^^^^^^^^^^^^^^^^^ reindex-not-concurrent
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, hazards: ['P3'] });
  expect(finding?.message).toBe('Blocks writes to memories: REINDEX scans the table (SHARE)');
  expect(finding?.details).toMatch(/^Most reads wait too: /);
});

it('rebuilds CONCURRENTLY by a fix', async () => {
  for (const sql of ['REINDEX INDEX memories_kind;', 'reindex (verbose) table memories;']) {
    const fixture = { '0001_base.sql': base['0001_base.up.sql'], '0002_reindex.sql': `${sql}\n` };
    const [finding] = await findingsIn(fixture, [check], { shadow });
    const fixed = applyFix(fixture, finding?.fixes[0]);
    expect(fixed['0002_reindex.sql']).toMatch(/^-- no-transaction\nreindex .*(?:index|table) CONCURRENTLY memories/i);
    expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
  }
});

it('names the indexes that REINDEX SCHEMA rebuilds, although its locks are not shown', async () => {
  const fixture = { ...base, '0002_reindex.up.sql': '-- no-transaction\nREINDEX SCHEMA public;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  expect(finding?.verified).toBe(true);
  expect(finding?.message).toBe('Blocks writes while REINDEX rebuilds memories_pkey and memories_kind (SHARE)');
});

it('advises a second index if the oldest server has no REINDEX CONCURRENTLY', async () => {
  const fixture = { ...base, '0002_reindex.up.sql': 'REINDEX INDEX memories_kind;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow, minimum: 11 });
  expect(finding?.advice).toContain('REINDEX CONCURRENTLY needs PostgreSQL 12');
  expect(finding?.fixes).toEqual([]);
});

it('is silent on new tables', async () => {
  await expectMarkers({ ...base, '0002_new.up.sql': 'CREATE TABLE fresh (id int PRIMARY KEY);\nREINDEX TABLE fresh;\n' }, check, {
    shadow,
  });
});

it('is not verified if only the syntax is known', async () => {
  const findings = await findingsIn({ 'change.sql': 'REINDEX TABLE memories;\nREINDEX INDEX memories_kind;\n' }, [check], { loose: true });
  expect(findings.map(({ verified }) => verified)).toEqual([false, false]);
});
