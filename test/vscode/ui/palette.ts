import assert from 'node:assert/strict';
import { test } from '../runner';
import { inFolder } from './host';

test('lists its commands when mem8 is typed in the palette of a folder without manifest', () =>
  inFolder('palette', { 'README.md': '# Nothing of ours\n' }, async (workbench) => {
    const entries = (await workbench.paletteEntries('mem8')).join('\n');
    for (const title of ['Check Workspace', 'Create Upgrade Manifest', 'Restart Language Server', 'Show Log', 'Forget Stored Secrets'])
      assert.ok(entries.includes(`Mem8 Upgrade: ${title}`), `${title} is not among:\n${entries}`);
    await workbench.screenshot('palette-without-manifest');
    await workbench.page.keyboard.press('Escape');
  }));

test('lists the commands that plan and run as well where there is a manifest', () =>
  inFolder('palette-manifest', { 'upgrade.yaml': 'manifest: 1\nsystem: shop\nreleases: []\n' }, async (workbench) => {
    const end = Date.now() + 30_000;
    let entries = '';
    while (!entries.includes('Plan Upgrade') && Date.now() < end) entries = (await workbench.paletteEntries('mem8')).join('\n');
    for (const title of ['Plan Upgrade', 'Run Upgrade...', 'Roll Back...', 'Show Status', 'Check Workspace'])
      assert.ok(entries.includes(`Mem8 Upgrade: ${title}`), `${title} is not among:\n${entries}`);
    await workbench.screenshot('palette-with-manifest');
    await workbench.page.keyboard.press('Escape');
  }));
