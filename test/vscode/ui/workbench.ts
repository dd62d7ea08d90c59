import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const stepMs = 40_000;

/** VS Code as a person sees it: everything here types, clicks and reads the screen. */
export class Workbench {
  constructor(
    private readonly window: () => Page,
    /** Absolute path of the folder that is open. */
    readonly folder: string,
    private readonly screenshots: string,
  ) {}

  get page(): Page {
    return this.window();
  }

  /** Opens a file of the folder by its name, as Go to File does, and waits for its editor. `path`: more of it, where names are alike. */
  async openFile(name: string, path = name): Promise<void> {
    await this.#pick(path, (label) => label.includes(name));
    await this.tab(name).waitFor({ timeout: stepMs });
    await this.page.locator('.monaco-editor .view-line').first().waitFor({ timeout: stepMs });
  }

  /** Runs a command of the palette by its full title, e.g. `Mem8 Upgrade: Plan Upgrade`. */
  async runCommand(title: string): Promise<void> {
    await this.#pick(`>${title}`, (label) => label.startsWith(title));
  }

  /** Chooses an entry of a pick list that is open. */
  async choose(label: string): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    await entry.waitFor({ timeout: stepMs });
    await entry.click();
  }

  /** Whether a pick list is open. */
  async isChoosing(): Promise<boolean> {
    return this.page.locator('.quick-input-widget').isVisible();
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /** Waits for squiggles of a severity in the editor that is open; returns how many are in sight. */
  async squiggles(severity: 'error' | 'warning' | 'info' | 'hint', timeoutMs = stepMs): Promise<number> {
    const marks = this.page.locator(`.monaco-editor .squiggly-${severity}`);
    await marks.first().waitFor({ state: 'attached', timeout: timeoutMs });
    return marks.count();
  }

  /** The texts of the Problems panel's rows, once there is one that contains `text`. */
  async problems(text: string, timeoutMs = stepMs): Promise<string[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    if (!(await this.page.locator('.markers-panel').isVisible())) await this.runCommand('Problems: Focus on Problems View');
    await rows.filter({ hasText: text }).first().waitFor({ timeout: timeoutMs });
    return rows.allInnerTexts();
  }

  /** Waits until the rows of the Problems panel are as wanted, and returns how long that took. The panel has to be open. */
  async problemsAre(wanted: (rows: readonly string[]) => boolean, timeoutMs: number): Promise<number> {
    const started = Date.now();
    const panel = this.page.locator('.markers-panel');
    let rows: string[] = [];
    while (Date.now() - started < timeoutMs) {
      rows = await panel.locator('.monaco-list-row').allInnerTexts();
      if (wanted(rows)) return Date.now() - started;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`After ${timeoutMs} ms the Problems panel still says:\n${rows.join('\n') || 'nothing'}`);
  }

  /** Opens the window anew. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: stepMs });
  }

  /** Renames the file in the editor in front as F2 in the explorer does. */
  async renameInExplorer(name: string): Promise<void> {
    await this.runCommand('File: Reveal Active File in Explorer View');
    await this.page.locator('.explorer-folders-view .monaco-list-row.focused').waitFor({ timeout: stepMs });
    await this.page.keyboard.press('F2');
    const input = this.page.locator('.explorer-item-edited input');
    await input.fill(name);
    await input.press('Enter');
  }

  /** What the palette offers for a text. */
  async paletteEntries(text: string): Promise<string[]> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget .quick-input-box input').first();
    await input.waitFor({ timeout: stepMs });
    await input.fill(`>${text}`);
    await this.page.waitForTimeout(1000);
    return this.page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
  }

  /** What the status bar says of all problems, for example `Errors: 1, Warnings: 2`. */
  async problemCounts(): Promise<string> {
    const label = await this.page.locator('.statusbar-item[id="status.problems"] a').getAttribute('aria-label');
    return label ?? '';
  }

  /** The code lens with the text; waits until it is in sight. */
  async lens(text: string | RegExp, timeoutMs = stepMs): Promise<Locator> {
    const lens = this.page.locator('.codelens-decoration a', { hasText: text }).first();
    await lens.waitFor({ timeout: timeoutMs });
    return lens;
  }

  /** The lens with the text `text` in the same line of lenses as the one with the text `neighbour`. */
  async lensAfter(neighbour: string, text: string): Promise<Locator> {
    const line = this.page.locator('.codelens-decoration', { hasText: neighbour });
    const lens = line.locator('a', { hasText: text }).first();
    await lens.waitFor({ timeout: stepMs });
    return lens;
  }

  /** The text of the editor that is in front, as far as it is in sight. */
  async visibleText(): Promise<string> {
    const lines = await this.page.locator('.editor-group-container.active .monaco-editor .view-lines .view-line').all();
    const placed = await Promise.all(
      lines.map(async (line) => ({ top: (await line.boundingBox())?.y ?? 0, text: (await line.textContent()) ?? '' })),
    );
    return placed
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** Waits for a modal dialog; returns its whole text. */
  async dialog(timeoutMs = stepMs): Promise<string> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor({ timeout: timeoutMs });
    return box.innerText();
  }

  /** The text of the modal dialog that is open now; empty when there is none. */
  async dialogText(): Promise<string> {
    return (await this.page.locator('.monaco-dialog-box').allInnerTexts()).join('\n');
  }

  /** Presses a button of the modal dialog that is open. */
  async answer(button: string): Promise<void> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.getByRole('button', { name: button, exact: true }).click();
    await box.waitFor({ state: 'detached', timeout: stepMs });
  }

  /** Waits until an item of the status bar has the text. */
  async status(text: string | RegExp, timeoutMs = stepMs): Promise<string> {
    const item = this.page.locator('.statusbar-item', { hasText: text }).first();
    await item.waitFor({ timeout: timeoutMs });
    return item.innerText();
  }

  /** Opens the notification centre, since toasts may be gone by now, and waits until it shows the text. */
  async notification(text: string | RegExp, timeoutMs = stepMs): Promise<string> {
    const centre = this.page.locator('.notifications-center');
    if (!(await centre.isVisible())) await this.page.locator('.statusbar-item[id="status.notifications"] a').click();
    const item = centre.locator('.notification-list-item', { hasText: text }).first();
    await item.waitFor({ timeout: timeoutMs });
    return item.innerText();
  }

  /** What is in the notification centre now. */
  async notifications(): Promise<string[]> {
    const centre = this.page.locator('.notifications-center');
    if (!(await centre.isVisible())) await this.page.locator('.statusbar-item[id="status.notifications"] a').click();
    return centre.locator('.notification-list-item').allInnerTexts();
  }

  /** Saves what is to be seen as test-results/screenshots/<name>.png. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.screenshots, `${name}.png`), animations: 'disabled' });
  }

  async #pick(text: string, fits: (label: string) => boolean): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text], .quick-input-widget .quick-input-box input').first();
    const end = Date.now() + stepMs;
    // A palette that opens while extensions still load may not know the entry yet, so it is asked again.
    while (Date.now() < end) {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(text.startsWith('>') ? 'F1' : 'ControlOrMeta+P');
      await input.waitFor({ timeout: stepMs });
      await input.fill(text);
      const rows = this.page.locator('.quick-input-list .monaco-list-row');
      await this.page.waitForTimeout(500);
      const labels = await rows.allInnerTexts();
      const index = labels.findIndex((label) => fits(label.trim()));
      if (index >= 0) {
        await rows.nth(index).click();
        return;
      }
    }
    throw new Error(`Nothing to choose for ${text}.`);
  }
}
