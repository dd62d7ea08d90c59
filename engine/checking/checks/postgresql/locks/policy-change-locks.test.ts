import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Shadow } from '../../../../databases/postgresql/shadow/observation';
import { check } from './policy-change-locks';
import { applyFix, expectMarkers, findingsIn, startShadow } from '../../testing/sql-fixture';

let shadow: Shadow;
beforeAll(async () => {
  shadow = await startShadow();
});
afterAll(() => shadow.dispose());

const base = {
  '0001_base.up.sql': 'CREATE TABLE memories (id int PRIMARY KEY, owner text);\nCREATE POLICY old ON memories USING (true);',
};

it('reports the queue behind changes of policies and of row level security as a hint', async () => {
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
  expect(finding?.message).toBe('Queues reads and writes of memories while CREATE POLICY waits for ACCESS EXCLUSIVE');
  for (const [text, message] of [
    ['DROP POLICY old ON memories;', 'Queues reads and writes of memories while DROP POLICY waits for ACCESS EXCLUSIVE'],
    ['ALTER POLICY old ON memories USING (false);', 'Queues reads and writes of memories while ALTER POLICY waits for ACCESS EXCLUSIVE'],
    ['ALTER TABLE memories ENABLE ROW LEVEL SECURITY;', 'Queues reads and writes of memories behind ENABLE ROW LEVEL SECURITY'],
  ] as const) {
    expect(await findingsIn({ ...base, '0002_a.up.sql': text }, [check], { shadow })).toMatchObject([{ message }]);
  }
});

it('sets a lock timeout by a fix', async () => {
  const fixture = { ...base, '0002_a.up.sql': 'DROP POLICY old ON memories;' };
  const fixed = applyFix(fixture, (await findingsIn(fixture, [check], { shadow }))[0]?.fixes[0]);
  expect(fixed['0002_a.up.sql']).toBe("SET LOCAL lock_timeout = '2s';\nDROP POLICY old ON memories;");
  expect(await findingsIn(fixed, [check], { shadow })).toEqual([]);
});

it('is silent with a lock_timeout and on new tables', async () => {
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
