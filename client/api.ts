import type { TargetStatus } from '#engine/running/plan';
import type { Confirmation } from './runs/confirm';

/**
 * What `activate` returns to tests of the extension; in normal use it returns nothing.
 * Commands give their results back, so `executeCommand<RunEnd>('mem8Upgrade.runUpgrade', argument)` can be awaited.
 */
export interface TestApi {
  /** Answers confirmations instead of the modal dialog, which VS Code refuses to show in tests. */
  setConfirmation(confirmation: Confirmation): void;
  statusBarText(): string;
  /** The last state that was read of a target; `manifest` is an absolute path. */
  targetStatus(manifest: string, target: string): TargetStatus | undefined;
  /** Milliseconds that `activate` took. */
  readonly activationMs: number;
}

export type { Confirmation, TargetStatus };
