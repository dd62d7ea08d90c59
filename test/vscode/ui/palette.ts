import assert from 'node:assert/strict';
import { eventually, test } from '../runner';
import { inFolder } from './host';
import type { Workbench } from './workbench';

test('lists its commands when mem8 is typed in the palette of a folder without manifest', () =>
  inFolder('palette', { 'README.md': '# Nothing of ours\n' }, async (workbench) => {
    await offers(workbench, ['Check Workspace', 'Create Upgrade Manifest', 'Restart Language Server', 'Show Log', 'Forget Stored Secrets']);
    await workbench.screenshot('palette-without-manifest');
    await workbench.page.keyboard.press('Escape');
  }));

test('lists the commands that plan and run as well where there is a manifest', () =>
  inFolder('palette-manifest', { 'upgrade.yaml': 'manifest: 1\nsystem: shop\nreleases: []\n' }, async (workbench) => {
    await offers(workbench, ['Plan Upgrade', 'Run Upgrade...', 'Roll Back...', 'Show Status', 'Check Workspace']);
    await workbench.screenshot('palette-with-manifest');
    await workbench.page.keyboard.press('Escape');
  }));

/** Types `mem8` until all commands are there: while extensions load, the palette does not know them yet. */
async function offers(workbench: Workbench, titles: readonly string[]): Promise<void> {
  await eventually(async () => {
    const entries = (await workbench.paletteEntries('mem8')).join('\n');
    for (const title of titles) assert.ok(entries.includes(`Mem8 Upgrade: ${title}`), `${title} is not among:\n${entries}`);
    return true;
  }, 'the commands');
}
