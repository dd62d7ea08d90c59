import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../support/postgres';
import { pages, root } from './pages';
import { type PageRun, runPage } from './run-page';

/** The examples on the pages of checks are run by check-examples.test.ts. */
const followed = pages.filter((page) => !page.startsWith('docs/checks/'));

/** Blocks that cannot run and carry no comment, by page and by the beginning of their text. */
const notRun: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'npm start': 'scripts of this repository: npm test runs each',
    'npm install': 'installs into the VS Code of the reader',
    'npm pack': 'needs a clone of this repository',
  },
};

const runs = new Map<string, PageRun>();
let server: Promise<RunningPostgres> | undefined;

afterAll(async () => {
  await (await server)?.stop();
  const marked = [...runs].flatMap(([page, each]) => each.notRun.map(({ line, reason }) => `  ${page}:${line} ${reason}`));
  const sum = (count: (run: PageRun) => number) => [...runs.values()].reduce((total, run) => total + count(run), 0);
  console.log(
    [
      `${sum(({ run }) => run)} blocks run, ${sum(({ written }) => written)} files written, ${marked.length} blocks not run:`,
      ...marked,
    ].join('\n'),
  );
});

describe.concurrent('a reader can follow', () => {
  it.for(followed)('%s', { timeout: 900_000 }, async (page, { expect }) => {
    const databases = new Map<string, Promise<string>>();
    const path = join(root, page);
    const result = await runPage(readFileSync(path, 'utf8'), {
      notRun: notRun[page] ?? {},
      database: async (name) => {
        const running = await (server ??= startPostgres());
        const made = databases.get(name) ?? running.createDatabase();
        databases.set(name, made);
        return made;
      },
    });
    runs.set(page, result);
    expect(result.failures.join('\n\n')).toBe('');
    await expect(result.renewed).toMatchFileSnapshot(path);
  });
});
