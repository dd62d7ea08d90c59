import { commands, window } from 'vscode';
import type { TargetStatus } from '#engine/running/plan';
import { showFailure } from '../runs/failure-message';
import type { Services } from '../services';
import { asArgument } from './argument';
import { projectAndTarget } from './goal';

/** Reads the state of a target and shows it in the Targets view. */
export async function showStatus(services: Services, value: unknown): Promise<TargetStatus | undefined> {
  const chosen = await projectAndTarget(services, asArgument(value));
  if (!chosen) return undefined;
  const { project, target } = chosen;
  await commands.executeCommand('mem8Upgrade.targets.focus');
  const state = await window.withProgress({ location: { viewId: 'mem8Upgrade.targets' } }, () =>
    services.states.refresh(project.manifest.fsPath, target),
  );
  if (state.problem) void showFailure({ outcome: { ok: false, problem: state.problem }, log: services.log });
  return state.status;
}
