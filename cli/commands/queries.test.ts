import { expect, it } from 'vitest';
import { memoryFiles, type MemoryFiles } from '#engine/host/memory-files';
import { runCommand } from '../testing/run-command';

function run(files: MemoryFiles, ...words: string[]) {
  return runCommand(['queries', ...words], { files });
}

const code = `const listMemories = sql<Row>\`SELECT id FROM memories
  WHERE kind = $kind\`;
db.query('DELETE FROM memories WHERE id = $1');
db.query(\`SELECT * FROM \${table}\`);
`;
const project = () => memoryFiles({ '/project/src/memories.ts': code, '/project/src/none.ts': '' });

it('lists queries with their places, and those that cannot be used', async () => {
  expect(await run(project(), 'src')).toEqual({
    code: 0,
    out: `src/memories.ts:1 listMemories
  SELECT id FROM memories WHERE kind = $1
src/memories.ts:3 memories.ts:3
  DELETE FROM memories WHERE id = $1
src/memories.ts:4 unusable
  It is built at run time, so its text is not known.
2 queries, 1 unusable.
`,
    err: '',
  });
});

it('gives the same as JSON', async () => {
  const { out } = await run(project(), 'src', '--json');
  const value = JSON.parse(out) as { queries: unknown[]; unusable: unknown[] };
  expect(value.queries[0]).toEqual({
    file: 'src/memories.ts',
    line: 1,
    name: 'listMemories',
    sql: 'SELECT id FROM memories\n  WHERE kind = $1',
    parameters: ['kind'],
  });
  expect(value.unusable).toHaveLength(1);
  expect((await run(project(), 'src', '--format', 'json')).out).toBe(out);
});

it('freezes queries in a file that it reads again', async () => {
  const files = project();
  const { code: exit, out } = await run(files, 'src', '--out', 'queries/1.1.sql');
  expect([exit, out.split('\n')[0]]).toEqual([0, 'Wrote /project/queries/1.1.sql.']);
  expect(await files.readText('/project/queries/1.1.sql')).toBe(`-- name: listMemories
-- from: src/memories.ts:1
SELECT id FROM memories
  WHERE kind = $1;

-- name: memories.ts:3
-- from: src/memories.ts:3
DELETE FROM memories WHERE id = $1;
`);
  expect((await run(files, 'queries/1.1.sql')).out).toContain('queries/1.1.sql:8 memories.ts:3\n');
});

it('refuses paths that are not there, and writes no file without queries', async () => {
  const files = project();
  expect(await run(files, 'gone')).toMatchObject({ code: 2, err: expect.stringContaining('no file or folder /project/gone') as string });
  expect(await run(files, 'src/none.ts', '--out', 'x.sql')).toMatchObject({ code: 2, out: '' });
  expect(files.writes).toEqual([]);
});
