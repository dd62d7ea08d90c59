import { expect, it } from 'vitest';
import { memoryFiles } from '../../../host/memory-files';
import { readMigrations } from '../../../inputs/scripts/index';
import type { LayoutName } from '../../../core/scripts';
import { nothingSettled } from '../../../inputs/settled/settlement';
import { check } from './migration-out-of-order';
import { runChecks } from '../runner/run-checks';
import { directoryWith } from '../testing/directory-fixture';
import { wellWritten } from '../testing/well-written';

/** The findings where the migrations of `settled` are settled. */
async function findings(layout: LayoutName, names: readonly string[], settled: readonly string[]) {
  const files = memoryFiles(Object.fromEntries(names.map((name) => [`/project/migrations/${name}`, 'SELECT 1;\n'])));
  const directory = await readMigrations(files, '/project/migrations', layout);
  if (!directory.ok) throw new Error(directory.problem.message);
  const settlement = { ...nothingSettled, by: 'origin/main', migrations: new Set(settled) };
  return wellWritten(runChecks({ ...directoryWith(), directory: directory.value, settlement }, [check]));
}

it('says which new migration golang-migrate never runs', async () => {
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql', '3_c.up.sql', '4_d.up.sql'], ['1_a', '3_c'])).toMatchObject([
    {
      severity: 'error',
      file: '/project/migrations/2_b.up.sql',
      message: '2_b never runs on databases that have run 3_c',
      details: 'golang-migrate continues from the version of the database. 3_c is settled by origin/main.',
      advice: 'Give 2_b a later version than 3_c.',
      related: [{ message: 'Databases have run this migration.' }],
    },
  ]);
});

it('warns where the tool refuses the migration', async () => {
  const [finding] = await findings('flyway', ['V1__a.sql', 'V1.1__b.sql', 'V2__c.sql', 'R__view.sql'], ['V1__a', 'V2__c']);
  expect(finding).toMatchObject({
    severity: 'warning',
    file: '/project/migrations/V1.1__b.sql',
    message: 'V1.1__b stops the upgrade on databases that have run V2__c',
    details: 'Flyway refuses migrations below the current version without outOfOrder. V2__c is settled by origin/main.',
  });
});

it('is silent where the tool runs the migration, and where new migrations are last', async () => {
  expect(await findings('dbmate', ['1_a.sql', '2_b.sql', '3_c.sql'], ['1_a', '3_c'])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], ['1_a'])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], [])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql', '2_c.up.sql'], ['1_a', '2_c'])).toEqual([]);
});
