import assert from 'node:assert/strict';
import { extensions, Uri, workspace } from 'vscode';
import type { Plan, TargetStatus } from '#engine/running/plan';
import { eventually } from '../runner';

/** The part of what `activate` returns to tests that these tests use. */
export interface TestApi {
  setConfirmation(confirmation: { ask(plan: Plan): Promise<'run' | 'show-plan' | 'cancel'> }): void;
  statusBarText(): string;
  targetStatus(manifest: string, target: string): TargetStatus | undefined;
  readonly activationMs: number;
}

const extensionId = 'mem8-upgrade.mem8-upgrade';

/** Activates the extension. */
export async function activated(): Promise<TestApi> {
  const extension = extensions.getExtension<TestApi>(extensionId);
  assert.ok(extension, `${extensionId} is not installed`);
  const api = await extension.activate();
  assert.ok(api, 'the extension does not know that it runs in a test');
  return api;
}

/** The URI of a file of the folder that is open. */
export function fileUri(path: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return Uri.joinPath(folder.uri, path);
}

/** Waits until the status bar says it. */
export async function statusBarSays(text: string): Promise<void> {
  const api = await activated();
  await eventually(() => (api.statusBarText().includes(text) ? true : undefined), `"${text}" in the status bar`);
}
