import { l10n, StatusBarAlignment, window, type Disposable } from 'vscode';
import type { CheckStatus } from '#protocol';
import type { Server } from '../language-server';
import { checkDetails, checkText } from './check-text';

/** The status bar item that says how far checking is and what it found; hidden while the workspace has no migrations. */
export class CheckStatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('mem8Upgrade.checks', StatusBarAlignment.Left, 9);
  readonly #listeners: readonly Disposable[];
  #status: CheckStatus | undefined;

  constructor(private readonly server: Server) {
    this.#item.name = l10n.t('Mem8 Upgrade: Checks');
    this.#item.command = 'workbench.actions.view.problems';
    this.#listeners = [
      server.onCheckStatus((status) => {
        this.#status = status;
        this.#update();
      }),
      server.onDidChangeSettled(() => this.#update()),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  #update(): void {
    const status = this.#status;
    if (!status || (status.migrations === 0 && !status.progress)) return this.#item.hide();
    this.#item.text = checkText(status);
    this.#item.tooltip = checkDetails(status, this.server.showsSettled);
    this.#item.show();
  }
}
