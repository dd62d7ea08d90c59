import { expect, it } from 'vitest';
import { memoryFiles } from '../host/memory-files';
import { readMigrations } from '../layouts/index';
import type { LayoutName } from '../layouts/migration';
import { nothingSettled } from '../settled/settlement';
import { check } from './migration-out-of-order';
import { runChecks } from './run-checks';
import { directoryWith } from './testing/directory-fixture';

/** Findings as `severity file: message`, where the migrations of `settled` are settled. */
async function findings(layout: LayoutName, names: readonly string[], settled: readonly string[]): Promise<string[]> {
  const files = memoryFiles(Object.fromEntries(names.map((name) => [`/project/migrations/${name}`, 'SELECT 1;\n'])));
  const directory = await readMigrations(files, '/project/migrations', layout);
  if (!directory.ok) throw new Error(directory.problem.message);
  const settlement = { ...nothingSettled, by: 'origin/main', migrations: new Set(settled) };
  return runChecks({ ...directoryWith(), directory: directory.value, settlement }, [check]).map(
    ({ severity, file, message }) => `${severity} ${file.split('/').at(-1) ?? ''}: ${message}`,
  );
}

it('says which new migration golang-migrate never runs', async () => {
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql', '3_c.up.sql', '4_d.up.sql'], ['1_a', '3_c'])).toEqual([
    'error 2_b.up.sql: 2_b never runs on databases that are past it: golang-migrate goes on from their version. 3_c comes after it and is settled (origin/main). Give 2_b a later version.',
  ]);
});

it('warns where the tool refuses it', async () => {
  const [finding] = await findings('flyway', ['V1__a.sql', 'V1.1__b.sql', 'V2__c.sql', 'R__view.sql'], ['V1__a', 'V2__c']);
  expect(finding).toContain('warning V1.1__b.sql: V1.1__b stops the upgrade');
});

it('is silent where the tool just runs it, and where all new ones come last', async () => {
  expect(await findings('dbmate', ['1_a.sql', '2_b.sql', '3_c.sql'], ['1_a', '3_c'])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], ['1_a'])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql'], [])).toEqual([]);
  expect(await findings('golang-migrate', ['1_a.up.sql', '2_b.up.sql', '2_c.up.sql'], ['1_a', '2_c'])).toEqual([]);
});
