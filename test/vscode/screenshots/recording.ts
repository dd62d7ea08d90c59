import type { Locator } from 'playwright-core';
import { test } from '../runner';
import { checked, confirm, onStage, placeOf } from './camera';
import { viewName } from './product';
import { Recorder } from './recorder';

/** A release in the making whose script is still empty. */
const toType = 'test/vscode/screenshots/to-type';
const waitMs = 90_000;

test('recording', () =>
  onStage(
    async (workbench) => {
      const { page } = workbench;
      const recorder = new Recorder(workbench, 'recording');
      await page.emulateMedia({ colorScheme: 'dark' });
      await workbench.openFile('0010_index_emotions.up.sql');
      await page.keyboard.press('ControlOrMeta+B');
      await checked(workbench);
      await page.keyboard.press('ControlOrMeta+End');
      await recorder.show(800);

      await recorder.type('CREATE INDEX memories_valence_idx ON memories (valence_q15);');
      await recorder.show(400);
      await workbench.squiggles('warning', waitMs);
      await checked(workbench);
      await page.waitForTimeout(500);
      await recorder.show(900);

      recorder.startAt({ x: 620, y: 420 });
      await recorder.moveTo(await placeOf(page, 'memories_valence_idx'));
      await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor({ timeout: waitMs });
      await page.waitForTimeout(1500);
      await recorder.show(3000);

      await recorder.moveTo({ x: 560, y: 430 });
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Period');
      await page.locator('.action-widget .monaco-list-row.action').first().waitFor({ timeout: waitMs });
      await page.waitForTimeout(300);
      await recorder.show(1800);
      await page.keyboard.press('Enter');
      await page.locator('.action-widget .monaco-list-row.action').first().waitFor({ state: 'detached' });
      await page.locator('.squiggly-warning').waitFor({ state: 'detached', timeout: waitMs });
      await page.keyboard.press('ControlOrMeta+S');
      await checked(workbench);
      await page.waitForTimeout(1000);
      await recorder.show(1800);

      const lens = await workbench.lens(/./, waitMs);
      await recorder.moveTo(await middleOf(lens));
      await recorder.show(400);
      await lens.click();
      await workbench.dialog(waitMs);
      await page.waitForTimeout(500);
      await recorder.show(1800);
      await recorder.moveTo(await middleOf(page.locator('.monaco-dialog-box .monaco-button:not(.secondary)').first()));
      await recorder.show(300);
      await confirm(workbench);
      await workbench.status(/local: 3\.0\.1/, waitMs);
      await page.waitForTimeout(500);
      await recorder.show(800);
      await recorder.moveTo(
        await middleOf(
          page.locator(`.activitybar .action-item[aria-label^="${viewName()}"], .activitybar a[aria-label^="${viewName()}"]`).first(),
        ),
      );
      await page.mouse.down();
      await page.mouse.up();
      await page.locator('.pane-body .monaco-list-row', { hasText: '3.0.1' }).first().waitFor({ timeout: waitMs });
      await page.waitForTimeout(1000);
      await recorder.show(3000);
      await recorder.save();
    },
    {
      example: toType,
      release: '3.0.0',
      window: { width: 1000, height: 500 },
      settings: { 'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' }, 'editor.hover.delay': 300 },
    },
  ));

async function middleOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error('What the pointer moves to is not in sight.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
