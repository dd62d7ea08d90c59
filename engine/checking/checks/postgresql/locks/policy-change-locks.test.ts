import { expect, it } from 'vitest';
import { check } from './policy-change-locks';
import { sqlCheck } from '../../testing/sql-check';

const base = 'CREATE TABLE memories (id int PRIMARY KEY, owner text);\nCREATE POLICY old ON memories USING (true);';
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports the queue behind changes of policies and of row level security as a hint', async () => {
  const [finding] = await reports(`CREATE POLICY own ON memories USING (owner = current_user);
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ policy-change-locks
`);
  expect(finding).toMatchObject({ verified: true, severity: 'hint', hazards: ['P31'] });
  expect(finding?.message).toBe('Queues reads and writes of memories while CREATE POLICY waits for ACCESS EXCLUSIVE');
  for (const [text, message] of [
    ['DROP POLICY old ON memories;', 'Queues reads and writes of memories while DROP POLICY waits for ACCESS EXCLUSIVE'],
    ['ALTER POLICY old ON memories USING (false);', 'Queues reads and writes of memories while ALTER POLICY waits for ACCESS EXCLUSIVE'],
    ['ALTER TABLE memories ENABLE ROW LEVEL SECURITY;', 'Queues reads and writes of memories behind ENABLE ROW LEVEL SECURITY'],
  ] as const) {
    expect(await findingsIn(text)).toMatchObject([{ message }]);
  }
});

it('sets a lock timeout by a fix', async () => {
  const script = 'DROP POLICY old ON memories;';
  expect(await afterFix(script)).toBe("SET LOCAL lock_timeout = '2s';\nDROP POLICY old ON memories;");
});

it('is silent with a lock_timeout and on new tables', () =>
  silentOn(`CREATE TABLE fresh (id int);
CREATE POLICY own ON fresh USING (true);
SET LOCAL lock_timeout = '2s';
DROP POLICY old ON memories;
`));
