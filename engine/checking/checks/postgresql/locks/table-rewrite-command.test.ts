import { expect, it } from 'vitest';
import { check } from './table-rewrite-command';
import { sqlCheck } from '../../testing/sql-check';

const base = `CREATE TABLE memories (id int PRIMARY KEY, kind text);
CREATE INDEX memories_kind ON memories (kind);`;
const { findingsIn, reports, silentOn, afterFix } = sqlCheck(check, base);

it('reports VACUUM FULL by the new storage of the table', async () => {
  const [finding] = await reports(`VACUUM (FULL, ANALYZE) memories;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ table-rewrite-command
`);
  expect(finding).toMatchObject({ verified: true, severity: 'warning', hazards: ['P21'] });
  expect(finding?.message).toMatch(/^Blocks reads and writes of memories: VACUUM FULL rewrites the table \(ACCESS EXCLUSIVE\)$/);
});

it('reports CLUSTER', async () => {
  const [finding] = await reports(`CLUSTER memories USING memories_kind;
--^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ table-rewrite-command
`);
  expect(finding?.verified).toBe(true);
  expect(finding?.message).toBe('Blocks reads and writes of memories: CLUSTER rewrites the table (ACCESS EXCLUSIVE)');
  expect(finding?.advice).not.toContain('VACUUM');
});

it('removes FULL by a fix', async () => {
  const script = 'VACUUM FULL memories;\n';
  expect(await afterFix(script)).toBe('VACUUM memories;\n');
});

it('is silent on a plain VACUUM, on ANALYZE and on new tables', async () => {
  await silentOn('VACUUM (FULL false, ANALYZE) memories;\n');
  await silentOn('ANALYZE memories;\nCREATE TABLE fresh (id int PRIMARY KEY);\nCLUSTER fresh USING fresh_pkey;\n');
});

it('reports VACUUM FULL of all tables', async () => {
  const [finding] = await findingsIn('VACUUM FULL;\n', { loose: true, shadow: false });
  expect(finding?.message).toBe('Blocks reads and writes of every table while VACUUM FULL rewrites it');
});
