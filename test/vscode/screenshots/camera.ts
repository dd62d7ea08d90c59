import type { Page } from 'playwright-core';
import { eventually } from '../runner';
import { inWorkbench, type OpenOptions } from '../ui/host';
import type { Workbench } from '../ui/workbench';

const checkMs = 90_000;
const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern' } as const;
const settings = {
  'window.autoDetectColorScheme': true,
  'workbench.preferredLightColorTheme': themes.light,
  'workbench.preferredDarkColorTheme': themes.dark,
  'workbench.reduceMotion': 'on',
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.fontFamily': 'monospace',
  'editor.fontSize': 14,
  'editor.lineHeight': 22,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.overviewRulerBorder': false,
  'editor.hover.delay': 100,
  'editor.foldingHighlight': false,
  'editor.lightbulb.enabled': 'off',
  'mem8Upgrade.defaultTarget': 'local',
};

/** What VS Code shows in every window, which says nothing about the extension. */
const beside = [
  '.activitybar .composite-bar + div',
  '.editor-actions',
  '.statusbar-item:not([id="status.problems"]):not([id*="mem8"]):not([id="status.notifications"])',
  '.sash-container',
];

/** Digits that stand for those of every id. */
const exampleId = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The fonts have no sign for the dots that VS Code puts behind folded lines. */
const foldedMark = `.monaco-editor .inline-folded::after { content: '...' !important; }`;

export type StageOptions = Omit<OpenOptions, 'window'> & { readonly window?: Partial<NonNullable<OpenOptions['window']>> };

/** Opens a window for pictures, does the work in it, and closes it. */
export function onStage(work: (workbench: Workbench) => Promise<void>, options: StageOptions): Promise<void> {
  return inWorkbench(
    async (workbench) => {
      await workbench.page.addStyleTag({ content: `${beside.join(', ')} { display: none !important; }\n${foldedMark}` });
      await work(workbench);
    },
    {
      ...options,
      window: { width: 1280, height: 800, scale: 1.5, ...options.window },
      settings: { ...settings, ...options.settings },
    },
  );
}

/** Saves what is to be seen now as <name>-light.png and <name>-dark.png. */
export async function picture(workbench: Workbench, name: string): Promise<void> {
  await checked(workbench);
  for (const scheme of ['dark', 'light'] as const) {
    await workbench.page.emulateMedia({ colorScheme: scheme });
    await workbench.page.locator(`.monaco-workbench.${scheme === 'dark' ? 'vs-dark' : 'vs'}`).waitFor();
    await atRest(workbench);
    await steadyIds(workbench);
    await workbench.screenshot(`${name}-${scheme}`);
  }
}

/** Shows the same plan id in every picture: real ones depend on when the target was upgraded. */
async function steadyIds({ page }: Workbench): Promise<void> {
  await page.evaluate((digits) => {
    for (const place of Array.from(document.querySelectorAll('.tab .label-name, .view-line'))) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        node.textContent = (node.textContent ?? '').replace(/\b[0-9a-f]{12,64}\b/g, ({ length }) => digits.slice(0, length));
    }
  }, exampleId);
}

/** Waits until the status bar says that checking has ended. */
export async function checked({ page }: Workbench): Promise<void> {
  const counts = page.locator('.statusbar-item[id*="mem8Upgrade.checks"]');
  await counts.waitFor({ timeout: checkMs });
  await counts.locator('.codicon-sync').waitFor({ state: 'detached', timeout: checkMs });
}

/** Presses the button of the modal dialog that does what was asked for. */
export async function confirm({ page }: Workbench): Promise<void> {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.locator('.monaco-button:not(.secondary)').first().click();
  await dialog.waitFor({ state: 'detached' });
}

/** Points with the mouse at a text of the editor when checking has ended, and waits for the hover. */
export async function pointAt(workbench: Workbench, text: string): Promise<void> {
  const { page } = workbench;
  await checked(workbench);
  const { x, y } = await placeOf(page, text);
  await page.mouse.move(x, y, { steps: 4 });
  await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor({ timeout: checkMs });
}

/** The middle of a text that is in sight in the editor. */
export async function placeOf(page: Page, text: string): Promise<{ x: number; y: number }> {
  return page.evaluate((wanted) => {
    for (const line of Array.from(document.querySelectorAll('.editor-instance .view-line'))) {
      const at = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      const point = (offset: number): readonly [Node, number] => {
        walker.currentNode = line;
        let left = offset;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const length = node.textContent?.length ?? 0;
          if (left <= length) return [node, left];
          left -= length;
        }
        throw new Error(`${wanted} ends outside its line.`);
      };
      range.setStart(...point(at));
      range.setEnd(...point(at + wanted.length));
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
    throw new Error(`${wanted} is not in sight.`);
  }, text);
}

/** Waits until nothing moves any more. */
async function atRest({ page }: Workbench): Promise<void> {
  let before: Buffer = Buffer.alloc(0);
  await eventually(async () => {
    const now = await page.screenshot({ animations: 'disabled' });
    const same = now.equals(before);
    before = now;
    if (same) return true;
    await page.waitForTimeout(300);
    return undefined;
  }, 'the window to be at rest');
}
