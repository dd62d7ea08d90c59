import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '../runner';
import { inWorkbench } from './host';
import type { Workbench } from './workbench';

const runMs = 90_000;

test('Plan Upgrade of the palette shows the plan as a document that can be run', () =>
  inWorkbench(async (workbench) => {
    await workbench.openFile('upgrade.yaml');
    await workbench.lens('Plan upgrade');
    await workbench.runCommand('Mem8 Upgrade: Plan Upgrade');
    await workbench.choose('1.2.0');
    await workbench.lens('Run this plan...');
    assert.match(await workbench.visibleText(), /# Upgrade plan: mem8 on local/);
    await workbench.screenshot('plan');
  }));

test('an upgrade is confirmed by its plan, shows progress, and is rolled back the same way', () =>
  inWorkbench(async (workbench) => {
    await workbench.openFile('upgrade.yaml');
    await upgrade(workbench);
    await rollBack(workbench);
  }));

async function upgrade(workbench: Workbench): Promise<void> {
  await (await workbench.lensAfter('Plan to 1.2.0', 'Run upgrade...')).click();
  const question = await workbench.dialog();
  assert.match(question, /Upgrade mem8 on local from empty to 1\.2\.0\?/);
  assert.match(question, /0003_index_arousal/);
  await workbench.screenshot('plan-confirmation');
  await workbench.answer('Run Upgrade');
  await workbench.notification(/mem8 on local, empty to 1\.2\.0/);
  await workbench.screenshot('progress');
  await workbench.status(/mem8 local: 1\.2\.0/, runMs);
  await workbench.screenshot('status-after-upgrade');
  assert.ok(existsSync(join(workbench.folder, '.mem8')), 'the target is where the manifest says');
}

async function rollBack(workbench: Workbench): Promise<void> {
  await (await workbench.lensAfter('Plan to 1.0.0', 'Roll back to here...')).click();
  const question = await workbench.dialog();
  assert.match(question, /Roll mem8 on local back from 1\.2\.0 to 1\.0\.0\?/);
  await workbench.screenshot('rollback-confirmation');
  await workbench.answer('Roll Back');
  await workbench.status(/mem8 local: 1\.0\.0 \(2 pending\)/, runMs);
  await workbench.screenshot('status-after-rollback');
}
