import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../shadow/observation';
import { check } from './policy-change-locks';
import { applyFix, expectMarkers, findingsIn, startShadow } from './testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': 'CREATE TABLE memories (id int PRIMARY KEY, owner text);\nCREATE POLICY old ON memories USING (true);',
};

it('hints at the queue behind policies and row level security', async () => {
  const [finding] = await expectMarkers(
    {
      ...base,
      '0002_a.up.sql': `CREATE POLICY own ON memories USING (owner = current_user);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ policy-change-locks
`,
    },
    check,
    { shadow },
  );
  expect(finding).toMatchObject({ verified: true, severity: 'hint', hazards: ['P31'] });
  expect(finding?.message).toMatch(/^Queues reads and writes of memories .*ACCESS EXCLUSIVE/);
  for (const text of [
    'DROP POLICY old ON memories;',
    'ALTER POLICY old ON memories USING (false);',
    'ALTER TABLE memories ENABLE ROW LEVEL SECURITY;',
  ]) {
    expect(await findingsIn({ ...base, '0002_a.up.sql': text }, [check], { shadow })).toHaveLength(1);
  }
});

it('lets the statement give up early by a fix', async () => {
  const fixture = { ...base, '0002_a.up.sql': 'DROP POLICY old ON memories;' };
  const fixed = applyFix(fixture, (await findingsIn(fixture, [check], { shadow }))[0]?.fixes[0]);
  expect(fixed['0002_a.up.sql']).toBe("SET LOCAL lock_timeout = '2s';\nDROP POLICY old ON memories;");
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('is silent with a lock_timeout and on tables that are new', async () => {
  await expectMarkers(
    {
      ...base,
      '0002_a.up.sql': `CREATE TABLE fresh (id int);
CREATE POLICY own ON fresh USING (true);
SET LOCAL lock_timeout = '2s';
DROP POLICY old ON memories;
`,
    },
    check,
    { shadow },
  );
});
