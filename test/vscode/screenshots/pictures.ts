import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, test } from '../runner';
import type { Workbench } from '../ui/workbench';
import { confirm, onStage, picture, placeOf, pointAt } from './camera';
import { paletteTitle, viewTitle } from './product';

/** A release in the making whose migration is risky, and whose down script forgets something. */
const risky = 'test/vscode/screenshots/risky';
const script = '0010_share_memories';
const checkMs = 90_000;
const runMs = 90_000;

test('findings', () =>
  onStage(
    async (workbench) => {
      await openAlone(workbench, `${script}.up.sql`);
      await workbench.squiggles('error', checkMs);
      await workbench.problems(`${script}.up.sql`);
      await workbench.page.keyboard.press('ControlOrMeta+1');
      await pointAt(workbench, 'DROP COLUMN');
      await picture(workbench, 'findings');
    },
    { example: risky },
  ));

test('lock-hint', () =>
  onStage(
    async (workbench) => {
      await openAlone(workbench, `${script}.up.sql`);
      await workbench.squiggles('error', checkMs);
      await pointAt(workbench, 'gen_random_uuid');
      await picture(workbench, 'lock-hint');
    },
    { example: risky, window: { height: 480 } },
  ));

test('down-script', () =>
  onStage(
    async (workbench) => {
      await openAlone(workbench, `${script}.down.sql`);
      await workbench.squiggles('error', checkMs);
      await pointAt(workbench, 'ADD COLUMN');
      await picture(workbench, 'down-script');
    },
    { example: risky, window: { height: 420 } },
  ));

test('lenses', () =>
  onStage(
    async (workbench) => {
      await openManifest(workbench, '1.1.0');
      await workbench.page.keyboard.press('ControlOrMeta+B');
      await goToLine(workbench, 41);
      await picture(workbench, 'lenses');
    },
    { example: true, release: '1.1.0' },
  ));

test('plan', () =>
  onStage(
    async (workbench) => {
      await openManifest(workbench, '1.1.0');
      await workbench.page.keyboard.press('ControlOrMeta+B');
      await plan(workbench, '3.0.0');
      await picture(workbench, 'plan');
    },
    { example: true, release: '1.1.0', window: { height: 840 } },
  ));

test('run', () =>
  onStage(
    async (workbench) => {
      await stopAfterBatch(workbench.folder);
      await openManifest(workbench, '1.1.0');
      await plan(workbench, '3.0.0');
      await (await workbench.lens(/./)).click();
      await workbench.dialog();
      await confirm(workbench);
      // A notification keeps the height that it had when the centre was opened, so its longest text has to be there before.
      await workbench.page.locator('.statusbar-item[id*="mem8Upgrade.target"]', { hasText: /\b2\b/ }).waitFor({ timeout: runMs });
      await workbench.page.waitForTimeout(1000);
      await workbench.notification(/\b4\b.*\b8\b/, runMs);
      await workbench.page.mouse.move(640, 300);
      await picture(workbench, 'run');
    },
    { example: true, release: '1.1.0' },
  ));

test('rollback', () =>
  onStage(
    async (workbench) => {
      await openManifest(workbench, '3.0.0');
      await workbench.runCommand(paletteTitle('mem8Upgrade.rollBack'));
      await workbench.choose('1.1.0');
      await workbench.dialog();
      await picture(workbench, 'rollback');
    },
    { example: true, release: '3.0.0', window: { height: 640 } },
  ));

/** Opens a file and closes the side bar. */
async function openAlone(workbench: Workbench, name: string): Promise<void> {
  await workbench.openFile(name);
  await workbench.page.keyboard.press('ControlOrMeta+B');
}

/** Opens the manifest beside the views of the extension, and waits until the release of the target is known. */
async function openManifest(workbench: Workbench, release: string): Promise<void> {
  await workbench.openFile('upgrade.yaml');
  await workbench.runCommand(viewTitle());
  await workbench.status(new RegExp(`local: ${release.replaceAll('.', '\\.')}`), checkMs);
  await workbench.openFile('upgrade.yaml');
  await workbench.lens(/./, checkMs);
}

async function goToLine({ page }: Workbench, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await page.keyboard.type(`${line}`);
  await page.keyboard.press('Enter');
}

/** Shows the plan of an upgrade, with the text of one step and the titles of the others. */
async function plan(workbench: Workbench, release: string): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand(paletteTitle('mem8Upgrade.planUpgrade'));
  await workbench.choose(release);
  await workbench.tab(`-${release}-`).waitFor();
  await workbench.lens(/./);
  const { x, y } = await eventually(async () => {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+3');
    await page.waitForTimeout(500);
    return placeOf(page, '0007_fill_fixed_point_emotion');
  }, 'the steps of the plan to be folded');
  await page.mouse.click(x, y);
  await page.keyboard.press('Control+Shift+BracketRight');
  await page.keyboard.press('ControlOrMeta+Home');
}

/** Lets the data migration of the example wait between its batches, so that its progress can be pictured. */
async function stopAfterBatch(folder: string): Promise<void> {
  const manifest = join(folder, 'upgrade.yaml');
  const text = await readFile(manifest, 'utf8');
  await writeFile(
    manifest,
    text.replace(/^( +)batch: \d+$/m, (_, indent: string) => `${indent}batch: 2\n${indent}pause: 20000`),
  );
}
