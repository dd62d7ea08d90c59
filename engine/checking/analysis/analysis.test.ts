import { expect, it } from 'vitest';
import { memoryFiles } from '../../host/memory-files';
import { openProject } from '../project/open-project';
import { analyse, analyseWith } from './analysis';
import { toyDatabase } from './testing/toy-database';

const files = memoryFiles({
  '/p/.mem8-upgrade.yaml': 'dialect: duckdb\nchecks:\n  other-database: off\n',
  '/p/0001_make.sql': 'make notes\nmake tags\n',
  '/p/0002_drop.sql': 'drop notes\ndrop notes\n',
  '/p/0003_burn.sql': 'burn tags\n',
});

async function project() {
  const opened = await openProject({ files, paths: ['/p'] });
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

it('analyses the migrations of a product that it was given, with all checks that are for any product', async () => {
  const shadow = await toyDatabase.checks.database.replay.open({ worker: '', assets: '' });
  const { context, findings } = await analyseWith([toyDatabase], await project(), { shadow });
  expect(context.chain.map(({ up }) => up.statements.map(({ node }) => node?.name))).toEqual([
    ['notes', 'tags'],
    ['notes', 'notes'],
    [undefined],
  ]);
  expect(findings.map(({ id, group, file, range, message }) => [id, group, file, range.start, message])).toEqual([
    ['drop-fails', 'execution', '/p/0002_drop.sql', 'drop notes\n'.length, 'Fails: there is no notes'],
    ['syntax-error', 'syntax', '/p/0003_burn.sql', 0, 'Fails: unknown verb burn'],
  ]);
});

it('analyses no migrations of a product that is not there', async () => {
  const { context, findings } = await analyse(await project());
  expect(context.chain).toEqual([]);
  expect(findings).toEqual([]);
});
