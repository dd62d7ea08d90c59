import { expect, it } from 'vitest';
import { memoryFiles } from '#engine/host/memory-files';
import { runCommand } from '../testing/run-command';

const files = memoryFiles({
  '/project/migrations/0001_t.up.sql': 'CREATE TABLE t (id int, a int, b int);\n',
  '/project/migrations/0002_b.up.sql': 'ALTER TABLE t ADD c int;\nALTER TABLE t DROP COLUMN b;\nSELECT 1;\n',
  '/project/migrations/0003_a.up.sql': 'CREATE INDEX CONCURRENTLY t_a ON t (a);\n',
});

it('names the locks that a statement takes, those that its transaction holds, and those that only the syntax gives', async () => {
  const { out } = await runCommand(['observe', 'migrations'], { files });
  expect(out.split('\n').slice(2)).toEqual([
    'migrations/0002_b.up.sql:1 ALTER TABLE t ADD c int',
    '  ACCESS EXCLUSIVE on t',
    'migrations/0002_b.up.sql:2 ALTER TABLE t DROP COLUMN b',
    '  holds ACCESS EXCLUSIVE on t (line 1)',
    'migrations/0002_b.up.sql:3 SELECT 1',
    '  holds ACCESS EXCLUSIVE on t (line 1)',
    'migrations/0003_a.up.sql:1 CREATE INDEX CONCURRENTLY t_a ON t (a)',
    '  SHARE UPDATE EXCLUSIVE on t (by syntax)',
    '',
  ]);
});

it('keeps names and modes as data in JSON', async () => {
  const { out } = await runCommand(['observe', 'migrations', '--format', 'json'], { files });
  const { statements } = JSON.parse(out) as { statements: unknown[] };
  expect(statements[2]).toMatchObject({ line: 2, locks: [], held: [{ relation: 'public.t', mode: 'AccessExclusive' }] });
});
