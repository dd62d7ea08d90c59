import { expect, it } from 'vitest';
import { check } from './explicit-lock';
import { sqlCheck } from '../../testing/sql-check';

const { findingsIn, reports, silentOn } = sqlCheck(check, 'CREATE TABLE memories (id int PRIMARY KEY, kind text);');

it('reports locks that block writes, and counts the statements that run under them', async () => {
  const findings = await reports(`BEGIN;
LOCK TABLE memories IN SHARE ROW EXCLUSIVE MODE;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ explicit-lock
UPDATE memories SET kind = 'joke';
COMMIT;
BEGIN;
LOCK memories;
--^^^^^^^^^^^ explicit-lock
COMMIT;
`);
  expect(findings[0]).toMatchObject({ verified: true, severity: 'warning', hazards: ['P32'] });
  expect(findings[0]?.message).toBe('Blocks writes to memories until the transaction ends (SHARE ROW EXCLUSIVE)');
  expect(findings[0]?.details).toBe('1 more statement runs under the lock.');
  expect(findings[0]?.advice).toMatch(
    /^Remove LOCK TABLE: each statement takes the lock that it needs\. .* SET LOCAL lock_timeout = '2s';$/,
  );
  expect(findings[1]?.message).toBe('Blocks reads and writes of memories until the transaction ends (ACCESS EXCLUSIVE)');
  expect(findings[1]?.details).toBeUndefined();
});

it('is silent on locks that block neither reads nor writes, and on tables that are new', () =>
  silentOn(`BEGIN;
LOCK TABLE memories IN ACCESS SHARE MODE;
LOCK TABLE memories IN SHARE UPDATE EXCLUSIVE MODE;
CREATE TABLE fresh (id int);
LOCK TABLE fresh;
COMMIT;
`));

it('is not verified where nothing was observed', async () => {
  const [finding] = await findingsIn('BEGIN;\nLOCK TABLE orders;\nCOMMIT;\n', { loose: true, shadow: false });
  expect(finding?.verified).toBe(false);
});
