import { l10n, Uri, window, type LogOutputChannel } from 'vscode';
import type { MigrationState, TargetStatus } from '#engine/running/plan';
import { languageIds } from '#protocol';
import { usualTarget, workspacePath, type ManifestProject } from '../projects';
import { showFailure } from '../runs/failure-message';
import { releaseName } from '../runs/plan-text';
import type { Services } from '../services';
import type { CommandArgument } from './argument';

/** The project that a command is about: the one named, the one in the active editor, the only one, or the one picked. */
export async function chooseProject({ projects, log }: Services, argument: CommandArgument): Promise<ManifestProject | undefined> {
  if (argument.manifest !== undefined) {
    const uri = Uri.parse(argument.manifest);
    const named = await projects.find(uri);
    if (!named) tellThatThereIsNone(projects.failure, log, l10n.t('{0} is not a readable upgrade manifest.', workspacePath(uri)));
    return named;
  }
  const all = await projects.list();
  if (all.length === 0) {
    const message = l10n.t('There is no readable upgrade manifest in this workspace. Create or fix upgrade.yaml first.');
    tellThatThereIsNone(projects.failure, log, message);
    return undefined;
  }
  const active = window.activeTextEditor?.document;
  const open = active?.languageId === languageIds.manifest ? all.find(({ manifest }) => manifest.fsPath === active.uri.fsPath) : undefined;
  if (open) return open;
  return pick(
    all.map((project) => ({
      label: project.system ?? workspacePath(project.manifest),
      description: workspacePath(project.manifest),
      value: project,
    })),
    l10n.t('Which system?'),
  );
}

/** The name of the target that a command is about: the one named, the setting, the only one, or the one picked. */
export async function chooseTarget(project: ManifestProject, argument: CommandArgument, preferred: string): Promise<string | undefined> {
  const { targets } = project;
  if (targets.length === 0) {
    void window.showErrorMessage(l10n.t('{0} has no target. Add one below "targets".', workspacePath(project.manifest)));
    return undefined;
  }
  const named = argument.target ?? preferred;
  if (targets.some(({ name }) => name === named)) return named;
  const usual = usualTarget(project);
  const sorted = [...targets].sort((a, b) => Number(b === usual) - Number(a === usual));
  return pick(
    sorted.map((target) => ({
      label: target.protected ? `$(lock) ${target.name}` : target.name,
      description: target.protected ? l10n.t('{0}, protected', target.driver) : target.driver,
      value: target.name,
    })),
    l10n.t('Which target?'),
  );
}

/** A release to upgrade to, the newest first. */
export async function chooseRelease(project: ManifestProject, argument: CommandArgument): Promise<string | undefined> {
  if (argument.release !== undefined) return argument.release;
  const newestFirst = project.releases.map(({ version }) => version).reverse();
  return pick(
    newestFirst.map((version, index) => ({ label: version, description: index === 0 ? l10n.t('newest') : '', value: version })),
    l10n.t('Upgrade to which release?'),
  );
}

/** A release to go back to, the nearest first. */
export async function chooseEarlierRelease(
  services: Services,
  project: ManifestProject,
  target: string,
  argument: CommandArgument,
): Promise<string | undefined> {
  if (argument.release !== undefined) return argument.release;
  const status = await statusOf(services, project, target);
  if (!status) return undefined;
  const versions = project.releases.map(({ version }) => version);
  const current = status.release === null ? -1 : versions.indexOf(status.release);
  const earlier = versions.slice(0, Math.max(0, current)).reverse();
  if (earlier.length === 0) {
    void window.showInformationMessage(l10n.t('{0} is at {1}: there is no earlier release.', status.target, releaseName(status.release)));
    return undefined;
  }
  return pick(
    earlier.map((version, index) => ({ label: version, description: index === 0 ? l10n.t('the release before') : '', value: version })),
    l10n.t('{0} is at {1}. Roll back to which release?', status.target, releaseName(status.release)),
    { always: true },
  );
}

/** The id of a migration that is in one of the given states on a target. */
export async function chooseMigration(
  services: Services,
  project: ManifestProject,
  target: string,
  states: readonly MigrationState['state'][],
  order: 'first' | 'last',
): Promise<string | undefined> {
  const status = await statusOf(services, project, target);
  if (!status) return undefined;
  const fitting = status.migrations.filter(({ state }) => states.includes(state));
  if (fitting.length === 0) {
    void window.showInformationMessage(l10n.t('{0} has no migration for that.', status.target));
    return undefined;
  }
  return pick(
    (order === 'last' ? fitting.reverse() : fitting).map((migration) => ({
      label: migration.id,
      description: `${migration.release}, ${migration.state}`,
      value: migration.id,
    })),
    l10n.t('Which migration?'),
    { always: true },
  );
}

/** The state of a target: the one known, or read now; the failure is shown. */
async function statusOf({ states, log }: Services, project: ManifestProject, target: string): Promise<TargetStatus | undefined> {
  const manifest = project.manifest.fsPath;
  const known = states.get(manifest, target)?.status;
  if (known) return known;
  const { status, problem } = await states.refresh(manifest, target);
  if (problem) void showFailure({ outcome: { ok: false, problem }, log });
  return status;
}

function tellThatThereIsNone(failure: string | undefined, log: LogOutputChannel, message: string): void {
  if (failure === undefined) {
    void window.showErrorMessage(message);
    return;
  }
  const show = l10n.t('Show Log');
  void window
    .showErrorMessage(l10n.t('The language server does not respond: {0}', failure), show)
    .then((choice) => (choice === show ? log.show(true) : undefined));
}

interface Choice<T> {
  readonly label: string;
  readonly description: string;
  readonly value: T;
}

/** Asks only when there is something to choose, unless `always`. */
async function pick<T>(choices: readonly Choice<T>[], title: string, { always = false } = {}): Promise<T | undefined> {
  if (choices.length === 1 && !always) return choices[0]?.value;
  return (await window.showQuickPick(choices, { title, placeHolder: title, matchOnDescription: true }))?.value;
}
