import assert from 'node:assert/strict';
import { test } from '../runner';
import { inWorkbench } from './host';

test('findings appear in the migration script that is opened, and while it is edited', () =>
  inWorkbench(async (workbench) => {
    await workbench.openFile('0003_index_arousal.up.sql');
    assert.ok((await workbench.squiggles('warning')) > 0);
    await workbench.problems('to memories');
    await workbench.screenshot('findings-in-script');

    await workbench.openFile('0003_index_arousal.up.sql');
    await workbench.page.keyboard.press('ControlOrMeta+End');
    await workbench.page.keyboard.type('ALTER TABLE memories DROP COLUMN nowhere;');
    await workbench.squiggles('error');
    await workbench.problems('nowhere');
    await workbench.screenshot('findings-while-typing');
  }));

test('the manifest carries lenses that plan, run and roll back', () =>
  inWorkbench(async (workbench) => {
    await workbench.openFile('upgrade.yaml');
    await workbench.lens('Plan to 1.2.0');
    await workbench.lens('Run upgrade...');
    await workbench.lens('Roll back to here...');
    await workbench.screenshot('lenses-on-manifest');
  }));

test('an untrusted folder is checked but not run', () =>
  inWorkbench(
    async (workbench) => {
      await workbench.openFile('0003_index_arousal.up.sql');
      assert.ok((await workbench.squiggles('warning')) > 0);
      await workbench.openFile('upgrade.yaml');
      await (await workbench.lens('Run upgrade...')).click();
      await workbench.notification('need a trusted workspace');
      await workbench.screenshot('restricted-mode');
      assert.equal(await workbench.dialogText(), '');
    },
    { trust: false },
  ));
