import { expect, it } from 'vitest';
import { check } from './storage-change-rewrites';
import { sqlCheck } from '../../testing/sql-check';

const { reports, silentOn } = sqlCheck(check, 'CREATE TABLE memories (id int PRIMARY KEY, kind text);');

it('reports SET UNLOGGED, and says what an unlogged table is', async () => {
  const [finding] = await reports(`ALTER TABLE memories SET UNLOGGED;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ storage-change-rewrites
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P22'] });
  expect(finding?.message).toBe('Blocks reads and writes of memories: SET UNLOGGED rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.details).toContain('An unlogged table is empty after a crash');
});

it('is not verified for a tablespace that the shadow does not have', async () => {
  const [finding] = await reports(`ALTER TABLE memories SET TABLESPACE fast;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ storage-change-rewrites
`);
  expect(finding).toMatchObject({ verified: false });
});

it('is silent if nothing is copied, and on new tables', () =>
  silentOn(`ALTER TABLE memories SET LOGGED;
ALTER TABLE memories SET ACCESS METHOD heap;
ALTER TABLE memories SET (fillfactor = 70);
CREATE TABLE fresh (id int);
ALTER TABLE fresh SET UNLOGGED;
`));
