import { expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { readMigrations } from '../../../inputs/scripts/index';
import type { LayoutName } from '../../../core/scripts';
import { nothingSettled, type Settlement } from '../../../inputs/settled/settlement';
import { runChecks } from '../runner/run-checks';
import { check } from './settled-migration-changed';
import { directoryWith } from '../testing/directory-fixture';
import { wellWritten } from '../testing/well-written';

const now = 'CREATE TABLE a (\n  id bigint\n);\n';
const before = 'CREATE TABLE a (\n  id int\n);\n';

/** Findings where the first of two migrations was settled with another text. */
async function findings(layout: LayoutName, names: readonly string[], of: (migrations: Settlement) => Partial<Settlement>) {
  const files = memoryFiles(
    Object.fromEntries(names.map((name, index) => [`/project/migrations/${name}`, index === 0 ? now : 'SELECT 1;'])),
  );
  const directory = await readMigrations(files, '/project/migrations', layout);
  if (!directory.ok) throw new Error(directory.problem.message);
  const [migration] = directory.value.migrations;
  if (!migration) throw new Error('there is no migration');
  const range = { start: now.indexOf('  id'), end: now.indexOf('\n);') };
  const settlement: Settlement = {
    ...nothingSettled,
    by: 'origin/main',
    migrations: new Set([migration.id]),
    edited: [{ migration, before, range, changesUp: true, changesDown: false }],
  };
  const context = { ...directoryWith(), directory: directory.value, settlement: { ...settlement, ...of(settlement) } };
  return wellWritten(runChecks(context, [check])).map((finding) => ({
    ...finding,
    marked: now.slice(finding.range.start, finding.range.end),
  }));
}

it('warns about an edit that the tool does not notice', async () => {
  const [finding] = await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], () => ({}));
  expect(finding).toMatchObject({
    severity: 'warning',
    marked: '  id bigint',
    message: '1_a was changed after databases ran it',
    details: '1_a is settled by origin/main. Databases that ran the old script keep its result.',
    advice: 'Undo the change and write a new migration.',
  });
  expect(finding?.fixes[0]?.edits).toEqual([
    { file: '/project/migrations/1_a.up.sql', range: { start: 0, end: now.length }, newText: before },
  ]);
});

it('is an error where the tool refuses the edit, even of a comment', async () => {
  const reworded = ({ edited }: Settlement) => ({ edited: edited.map((each) => ({ ...each, changesUp: false })) });
  const [finding] = await findings('flyway', ['V1__a.sql', 'V2__b.sql'], reworded);
  expect(finding).toMatchObject({
    severity: 'error',
    message: 'Flyway refuses to upgrade databases that ran V1__a: the script changed',
    advice: 'Undo the change and write a new migration.',
  });
  expect(await findings('golang-migrate', ['1_a.up.sql'], reworded)).toEqual([]);
});

it('names removed files, on the newest migration that can be changed', async () => {
  const found = await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], () => ({
    edited: [],
    removed: ['/project/migrations/0_z.up.sql'],
  }));
  expect(found).toMatchObject([
    {
      file: '/project/migrations/2_b.up.sql',
      message: '0_z.up.sql was removed or renamed after databases ran it',
      details: 'It is settled by origin/main.',
      advice: 'Restore the file.',
    },
  ]);
});

it('is silent where nothing changed', async () => {
  expect(await findings('golang-migrate', ['1_a.up.sql'], () => ({ edited: [] }))).toEqual([]);
});
