import type { LanguageClient } from 'vscode-languageclient/node';
import type { TargetStatus } from '#engine/running/plan';
import type { Confirmation } from './runs/confirm';
import type { Views } from './views/register';

/**
 * What `activate` returns to tests of the extension; in normal use it returns nothing.
 * Commands give their results back, so `executeCommand<RunEnd>('mem8Upgrade.runUpgrade', argument)` can be awaited.
 */
export interface TestApi {
  /** Answers confirmations instead of the modal dialog, which VS Code refuses to show in tests. */
  setConfirmation(confirmation: Confirmation): void;
  /** Resolves with the running language client. */
  serverStarted(): Promise<LanguageClient>;
  readonly views: Views;
  statusBarText(): string;
  languageStatusText(): string;
  /** The status bar item of the checks, and its tooltip. */
  checkStatusText(): string;
  checkStatusDetails(): string;
  /** The last state that was read of a target; `manifest` is an absolute path. */
  targetStatus(manifest: string, target: string): TargetStatus | undefined;
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
}

export type { Confirmation, TargetStatus };
