import { expect, test } from 'vitest';
import { readLooseFiles, scriptTemplate } from './index';
import { filesWith, ids, problemsOf } from './testing/test-directories';

test('reads each file as a migration of its own, in path order, below their common folder', async () => {
  const files = filesWith({ 'b/x.sql': 'X;', 'a.sql': 'A;', '/q.sql': '' });
  const outcome = await readLooseFiles(files, ['/p/m/b/x.sql', '/p/m/a.sql', '/p/m/a.sql', '/p/m/none.sql']);
  if (!outcome.ok) throw new Error();
  const read = outcome.value;
  expect(read).toMatchObject({ path: '/p/m', layout: 'loose', runner: { transaction: 'script', hasDowns: false } });
  expect(ids(read)).toEqual(['a', 'b/x']);
  expect(problemsOf(read)).toEqual(['unreadable-script none.sql']);
  expect(read.migrations[0] && scriptTemplate(read, read.migrations[0])).toBeUndefined();
});

test('takes the root for the common folder of files that share no other', async () => {
  const outcome = await readLooseFiles(filesWith({ '/a/1.sql': '', '/b/2.sql': '' }), ['/a/1.sql', '/b/2.sql']);
  expect(outcome).toMatchObject({ ok: true, value: { path: '/' } });
});
