import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './table-rewrite-command';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': `CREATE TABLE memories (id int PRIMARY KEY, kind text);
CREATE INDEX memories_kind ON memories (kind);`,
};

it('reports VACUUM FULL by the new storage of the table', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_vacuum.up.sql': `VACUUM (FULL, ANALYZE) memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ table-rewrite-command
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P21'] });
  expect(finding?.message).toMatch(/^Blocks reads and writes of memories: VACUUM FULL rewrites the table \(ACCESS EXCLUSIVE\)$/);
});

it('reports CLUSTER', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_cluster.up.sql': `CLUSTER memories USING memories_kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ table-rewrite-command
`,
    },
    check,
    { shadow },
  );
  expect(finding?.verified).toBe(true);
  expect(finding?.message).toBe('Blocks reads and writes of memories: CLUSTER rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).not.toContain('VACUUM');
});

it('removes FULL by a fix', async () => {
  const fixture = { ...base, '0002_vacuum.up.sql': 'VACUUM FULL memories;\n' };
  const [finding] = await findingsIn(fixture, [check], { shadow });
  const fixed = applyFix(fixture, finding?.fixes[0]);
  expect(fixed['0002_vacuum.up.sql']).toBe('VACUUM memories;\n');
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('is silent on a plain VACUUM, on ANALYZE and on new tables', async () => {
  await expectMarkers({ ...base, '0002_vacuum.up.sql': 'VACUUM (FULL false, ANALYZE) memories;\n' }, check, { shadow });
  await expectMarkers(
    { ...base, '0002_fresh.up.sql': 'ANALYZE memories;\nCREATE TABLE fresh (id int PRIMARY KEY);\nCLUSTER fresh USING fresh_pkey;\n' },
    check,
    { shadow },
  );
});

it('reports VACUUM FULL of all tables', async () => {
  const [finding] = await findingsIn({ 'vacuum.sql': 'VACUUM FULL;\n' }, [check], { loose: true });
  expect(finding?.message).toBe('Blocks reads and writes of every table while VACUUM FULL rewrites it');
});
