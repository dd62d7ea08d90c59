import { expect, it } from 'vitest';
import { asCompared, excerpt } from './output';
import { readPage } from './page';
import { runPage } from './run-page';

const fence = '```';
const block = (info: string, text: string) => `${fence}${info}\n${text}\n${fence}\n`;
const follow = (...parts: string[]) =>
  runPage(parts.join('\n'), { database: () => Promise.resolve('postgresql://reader:secret@127.0.0.1:54321/test_1') });

it('keeps the folder and the environment from one block to the next', async () => {
  const page = await follow(
    block('sh', 'mkdir a\ncd a\nexport NAME=reader'),
    'The file `b/c.txt`:\n',
    block('text title=b/c.txt', 'content'),
    block('sh', 'cat ../a/b/c.txt\necho $NAME'),
    block('text output', 'content\nreader'),
  );
  expect(page).toMatchObject({ failures: [], run: 2, written: 1 });
  expect(page.renewed).not.toContain('undefined');
});

it('reports a command that fails, or that does not fail as it should', async () => {
  const { failures } = await follow(
    block('sh', 'mem8-upgrade check --no-such-option'),
    block('sh exit=3', 'exit 3'),
    block('sh exit=1', 'true'),
  );
  expect(failures).toEqual([
    expect.stringMatching(/^line 1: exit code 2, not 0\nmem8-upgrade check[^]*no-such-option/),
    expect.stringMatching(/^line 9: exit code 0, not 1/),
  ]);
});

it('stops at the first command of a block that fails', async () => {
  const { failures } = await follow(block('sh', 'false\ntrue'));
  expect(failures).toEqual([expect.stringMatching(/^line 1: exit code 1/)]);
});

it('reports words that an output does not have', async () => {
  const { failures } = await follow(block('sh says=one,two', 'echo one'));
  expect(failures).toEqual(['line 1: the output does not have two\none\n']);
});

it('renews an output that differs in more than times and ids', async () => {
  const before = [block('sh', 'echo "took 12 ms"; echo new; echo last'), block('text output', 'took 7 ms\nold')].join('\n');
  expect((await follow(before)).renewed).toBe(before.replace('took 7 ms\nold', 'took 12 ms\nnew\nlast'));
  const same = [block('sh', 'echo "took 12 ms"; echo new; echo last'), block('text output first=1', 'took 7 ms\n...')].join('\n');
  expect((await follow(same)).renewed).toBe(same);
});

it('runs commands with the address of a server that runs, and shows the one of the page', async () => {
  const command = block('sh', 'export DB=postgresql://me@localhost:5432/notes\necho ${DB#*@} ${#DB}');
  const page = [command, block('text output', 'localhost:5432/notes 49')].join('\n');
  expect(await follow(page)).toMatchObject({ failures: [], renewed: page });
});

it('reports data and SQL that cannot be read, and files that the text does not name', async () => {
  const { failures } = await follow(
    block('yaml', 'a: [b'),
    block('yaml', 'manifest: 1\nsystem: s\nrelease: []'),
    block('json', '{ "a" 1 }'),
    block('toml', 'a ='),
    block('sql', 'SELEC 1;'),
    block('sql title=a.sql', 'SELECT 1;'),
  );
  expect(failures.map((failure) => failure.slice(0, 17))).toEqual([
    'line 1: YAML: Flo',
    'line 5: manifest,',
    'line 5: manifest,',
    'line 11: JSON: Co',
    'line 15: TOML: In',
    'line 19: SQL: syn',
    'line 23: the text',
  ]);
});

it('does not run what is marked, and says why', async () => {
  const page = await follow(
    '<!-- not run: needs a\nserver -->\n',
    block('sh', 'false'),
    '<!-- prepare:\nmkdir a\n-->\n',
    block('sh', 'cd a'),
  );
  expect(page).toMatchObject({ failures: [], notRun: [{ line: 4, reason: 'needs a server' }] });
});

it('asks for a reason to be removed with its block', async () => {
  const { failures } = await runPage(block('sh', 'true'), {
    database: () => Promise.reject(new Error('none')),
    notRun: { 'docker run': 'r' },
  });
  expect(failures).toEqual(['no block begins with docker run: remove its reason']);
});

it('reads links, anchors and options of blocks', () => {
  const { anchors, blocks, links } = readPage(
    '# A `b` c\n\n<a id="x"></a>[to](y.md#z) ![p](p.png)\n\n```yaml title=u.yaml append\na: 1\n```\n',
  );
  expect([...anchors]).toEqual(['x', 'a-b-c']);
  expect(links.map(({ target }) => target)).toEqual(['y.md#z', 'p.png']);
  expect(blocks).toMatchObject([{ line: 5, language: 'yaml', options: { title: 'u.yaml', append: true }, text: 'a: 1\n' }]);
});

it('gives what differs between runs one form', () => {
  const run = (time: string, id: string, hash: string) =>
    asCompared(`${time} ${id} sha256:${hash} 12.5 s /tmp/x/.mem8/local PostgreSQL 18.6`);
  expect(run('2026-01-31T12:00:00.123Z', '20260131T120000Z-efabc5', 'ab12')).toBe(
    run('2027-02-01T00:00:00Z', '20270131T120000Z-0abc5f', 'cd34'),
  );
  expect(asCompared('release 1.0.0')).not.toBe(asCompared('release 1.1.0'));
});

it('shows the first and the last lines of an output', () => {
  expect(excerpt('1\n2\n3\n4\n', 1, 1)).toBe('1\n...\n4\n');
  expect(excerpt('1\n2\n', 1, 1)).toBe('1\n2\n');
  expect(excerpt('1\n2\n')).toBe('1\n2\n');
});
