import { commands, l10n, Uri, window, workspace } from 'vscode';
import { commands as contract } from '#protocol';
import type { ManifestProject } from './projects';
import type { Goal } from './runs/command-line';
import type { Services } from './services';

type Target = ManifestProject['targets'][number];

/**
 * Tells of runs of local targets that were interrupted. Only embedded databases that are there are read: nothing is connected to, and
 * no database is made, without being asked for.
 */
export async function tellOfInterruptedRuns(services: Services): Promise<void> {
  if (!workspace.isTrusted) return;
  for (const project of services.projects.known) {
    for (const target of project.targets) if (await isHere(target)) await tellIfInterrupted(services, project, target);
  }
}

async function isHere({ folder, protected: isProtected }: Target): Promise<boolean> {
  if (folder === undefined || isProtected) return false;
  return workspace.fs.stat(Uri.parse(folder)).then(
    () => true,
    () => false,
  );
}

async function tellIfInterrupted(services: Services, project: ManifestProject, { name }: Target): Promise<void> {
  const manifest = project.manifest.fsPath;
  const state = services.states.get(manifest, name) ?? (await services.states.refresh(manifest, name));
  const interrupted = state.status?.interrupted;
  if (!interrupted) return;
  const isRollback = interrupted.direction === 'rollback';
  const resume = l10n.t('Resume...');
  const rollBack = l10n.t('Roll Back...');
  const show = l10n.t('Show Status');
  const sentences = {
    failed: l10n.t('A previous run of {0} on {1} failed at {2}.', project.system ?? 'mem8', name, interrupted.step),
    cancelled: l10n.t('A previous run of {0} on {1} was cancelled at {2}.', project.system ?? 'mem8', name, interrupted.step),
    interrupted: l10n.t('A previous run of {0} on {1} was interrupted at {2}.', project.system ?? 'mem8', name, interrupted.step),
  };
  const message = `${sentences[interrupted.ended]} ${l10n.t('Resume it or roll it back first.')}`;
  // Not awaited: it stays until a person closes it.
  void window.showWarningMessage(message, ...(isRollback ? [rollBack] : [resume, rollBack]), show).then(async (choice) => {
    const goal = (direction: Goal['direction']): Goal => ({ direction, manifest, target: name });
    if (choice === resume) await services.runs.planAndRun(goal('upgrade'), { fromPalette: false });
    if (choice === rollBack) await services.runs.planAndRun(goal('rollback'), { fromPalette: false });
    if (choice === show) await commands.executeCommand(contract.showStatus, { manifest: project.manifest.toString(), target: name });
  });
}
