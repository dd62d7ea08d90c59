import { expect, test } from 'vitest';
import { scriptTemplate } from './index';
import { parseSqitchPlan } from './sqitch-plan';
import { ids, problemsOf, readDirectory, shownOn } from './testing/test-directories';

const by = '2024-01-01T00:00:00Z A B <a@b.c>';
const head = '%syntax-version=1.0.0\n%project=mem\n%uri=https://example.org/\n\n';

test('parses changes, dependencies, tags and comments of a plan', () => {
  const text = `${head}# comment\nusers ${by} # note [no dep]\n@v1.0 ${by} # tag\nposts [users !old mem:users@v1.0] ${by} # note\n`;
  const plan = parseSqitchPlan(text);
  expect(plan.project).toBe('mem');
  expect(plan.changes.map((change) => change.name)).toEqual(['users', 'posts']);
  expect(plan.changes[1]?.requires.map((required) => required.text)).toEqual(['users', 'mem:users@v1.0']);
  const first = plan.changes[1]?.requires[0]?.range;
  expect(first?.start).toBe(text.indexOf('[users') + 1);
  expect(plan.tags.get('v1.0')).toBe(1);
  expect(plan.unknown).toEqual([]);
});

test('reads the scripts of each change in the order of the plan', async () => {
  const read = await readDirectory({
    'sqitch.plan': `${head}users ${by}\napp/posts [users] ${by}\n`,
    'deploy/users.sql': 'U;',
    'revert/users.sql': 'u;',
    'verify/users.sql': 'v;',
    'deploy/app/posts.sql': 'P;',
  });
  expect(read.layout).toBe('sqitch');
  expect(read.problems).toEqual([]);
  expect(ids(read)).toEqual(['users', 'app/posts']);
  expect(read.migrations[0]).toMatchObject({
    version: '',
    up: { text: 'U;', transaction: 'none' },
    down: { text: 'u;' },
    verify: { direction: 'verify', text: 'v;' },
  });
  expect(read.runner).toMatchObject({ transaction: 'none', sends: 'statements' });
});

test('accepts the white space, operators and notes that sqitch accepts, and nothing else', () => {
  const plan = parseSqitchPlan(
    `  %project = x  # note\r\n% strict\r\n +  a ${by}\r\n+b   [a  !c] ${by} # note\r\n @t  ${by}\r\nthis/rocks  ${by}\r\n-a ${by}\r\nno time\r\ntwo words ${by}\r\n`,
  );
  expect(plan.project).toBe('x');
  expect(plan.changes.map((change) => change.name)).toEqual(['a', 'b', 'this/rocks']);
  expect(plan.changes[1]?.requires.map((required) => required.text)).toEqual(['a']);
  expect(plan.tags.get('t')).toBe(2);
  expect(plan.unknown).toHaveLength(3);
});

test('counts only the tags up to the next rework as those of a change', () => {
  const plan = parseSqitchPlan(`${head}f ${by}\n@v1 ${by}\nf ${by}\n@v2 ${by}\nf ${by}\n@v3 ${by}\n`);
  expect(plan.changes.map((change) => change.reworkTags)).toEqual([['v1'], ['v2'], []]);
});

test('finds the earlier form of a reworked change by the tag between', async () => {
  const read = await readDirectory({
    'sqitch.plan': `${head}f ${by}\n@v1 ${by}\n@v2 ${by}\nf [f@v2] ${by}\n`,
    'deploy/f@v2.sql': 'old',
    'revert/f@v2.sql': 'r',
    'deploy/f.sql': 'new',
  });
  expect(read.migrations.map(({ id, up, down }) => [id, up.text, down?.text])).toEqual([
    ['f@v2', 'old', 'r'],
    ['f', 'new', undefined],
  ]);
  expect(read.problems).toEqual([]);
});

test('reports wrong order, missing scripts, strays, doubles and lines that are no plan', async () => {
  const plan = `${head}a [b] ${by}\nb [gone b@v9 other:x] ${by}\nb ${by}\n[nonsense\n`;
  const read = await readDirectory({ 'sqitch.plan': plan, 'deploy/b.sql': '', 'deploy/stray.sql': '', 'revert/stray.sql': '' });
  expect(problemsOf(read).sort()).toEqual([
    'bad-directive sqitch.plan',
    'duplicate-version sqitch.plan',
    'order sqitch.plan',
    'order sqitch.plan',
    'order sqitch.plan',
    'orphan-down revert/stray.sql',
    'unknown-file deploy/stray.sql',
    'unreadable-script sqitch.plan',
    'unreadable-script sqitch.plan',
  ]);
  expect(read.problems.filter((problem) => problem.kind === 'order').map((problem) => shownOn(problem, plan))).toEqual([
    'b',
    'gone',
    'b@v9',
  ]);
});

test('follows the folders that sqitch.conf names', async () => {
  const read = await readDirectory({
    'sqitch.plan': '',
    'sqitch.conf': '[core]\n\tengine = pg\n\ttop_dir = db\n\textension = ddl\n\trevert_dir = undo\n',
    'db/sqitch.plan': `${head}a ${by}\n`,
    'db/deploy/a.ddl': 'A;',
    'undo/a.ddl': 'a;',
  });
  expect(read.migrations[0]).toMatchObject({ up: { file: '/p/m/db/deploy/a.ddl' }, down: { file: '/p/m/undo/a.ddl' } });
});

test('puts a new revert script where the deploy script is called alike', async () => {
  const read = await readDirectory({ 'sqitch.plan': `${head}app/a ${by}\n`, 'deploy/app/a.sql': '' });
  const migration = read.migrations[0];
  expect(migration && scriptTemplate(read, migration, 'X;')).toEqual({ kind: 'file', file: '/p/m/revert/app/a.sql', text: 'X;\n' });
});

test("replaces psql's variables, those of the configuration too", async () => {
  const read = await readDirectory({
    'sqitch.plan': `${head}users ${by}\n`,
    'sqitch.conf': '[core]\n\tengine = pg\n[deploy "variables"]\n\towner = app\n',
    'deploy/users.sql': '\\set tbl t\nCREATE TABLE :tbl (id int);\nALTER TABLE :tbl OWNER TO :"owner";\n',
  });
  expect(read.migrations[0]?.up.replacements?.map(({ value }) => value)).toEqual(['t', 't', '"app"']);
});
