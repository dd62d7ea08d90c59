import { l10n } from 'vscode';
import type { MigrationState, TargetStatus } from '#engine/running/plan';
import type { CommandArgument } from '../commands/argument';
import { runningText } from '../runs/progress-message';
import type { RunActivity } from '../runs/activity';
import { endName } from '../status/status-text';

/** What the tree of upgrades needs to know of a project. */
export interface ProjectFacts {
  /** URI of the manifest. */
  readonly manifest: string;
  readonly system: string;
  /** The manifest's path in the workspace. */
  readonly path: string;
  /** The target whose state is shown; undefined when there is none to assume. */
  readonly target: string | undefined;
  readonly releases: readonly { readonly version: string; readonly migrations: readonly string[] }[];
  readonly status: TargetStatus | undefined;
  /** Set while a run changes the target. */
  readonly activity?: RunActivity;
  /** Why the state is not known. */
  readonly problem: string | undefined;
}

/** One line of the tree. Its argument is what a command on it is called with. */
export interface UpgradeNode extends CommandArgument {
  readonly kind: 'manifest' | 'release' | 'migration' | 'directory' | 'newest' | 'create';
  readonly label: string;
  readonly description: string;
  /** Id of a theme icon. */
  readonly icon: string;
  /** Id of a theme colour for the icon. */
  readonly color?: string;
  /** For `when` clauses: `release.pending`, `migration.applied`, `migration.unknown`, ... */
  readonly context: string;
  readonly children: readonly UpgradeNode[];
  /** URI of the directory or script that a line without manifest is about. */
  readonly subject?: string;
}

/** A migrations directory without a manifest. */
export interface DirectoryFacts {
  /** URI of the directory. */
  readonly directory: string;
  /** Its path in the workspace. */
  readonly path: string;
  readonly layout: string;
  readonly migrations: number;
  readonly newest: { readonly id: string; readonly script: string } | undefined;
}

/** What is checked without a manifest, with the way to one. */
export function directoryNodes(directories: readonly DirectoryFacts[]): UpgradeNode[] {
  return directories.map(({ directory, path, layout, migrations, newest }) => {
    const line = (kind: 'newest' | 'create', subject: string, label: string, description: string, icon: string): UpgradeNode => ({
      kind,
      label,
      description,
      icon,
      context: kind,
      subject,
      children: [],
    });
    const count = migrations === 1 ? l10n.t('1 migration') : l10n.t('{0} migrations', migrations);
    return {
      kind: 'directory',
      label: path,
      description: `${layout}, ${count}`,
      icon: 'folder',
      context: 'directory',
      subject: directory,
      children: [
        ...(newest === undefined ? [] : [line('newest', newest.script, newest.id, l10n.t('newest'), 'file-code')]),
        line('create', directory, l10n.t('Create Upgrade Manifest'), l10n.t('to plan, run and roll back upgrades'), 'new-file'),
      ],
    };
  });
}

type ReleaseState = 'applied' | 'current' | 'pending' | 'unknown';

export function upgradeNodes(projects: readonly ProjectFacts[]): UpgradeNode[] {
  return projects.map(manifestNode);
}

function manifestNode(project: ProjectFacts): UpgradeNode {
  return {
    kind: 'manifest',
    label: project.system,
    description: manifestDescription(project),
    ...manifestLook(project),
    context: 'manifest',
    ...argumentOf(project),
    children: project.releases.map((release, index) => releaseNode(project, release, index)),
  };
}

function manifestLook({ activity, status }: ProjectFacts): Pick<UpgradeNode, 'icon' | 'color'> {
  if (activity || status?.running) return { icon: 'sync~spin' };
  return status?.interrupted ? { icon: 'warning', color: 'list.warningForeground' } : { icon: 'database' };
}

function manifestDescription({ target, status, activity, problem, path }: ProjectFacts): string {
  if (target === undefined) return path;
  if (activity) return `${target}, ${runningText(activity)}`;
  if (status?.running) return l10n.t('{0}: {1}', target, l10n.t('running'));
  if (status?.interrupted) return l10n.t('{0}: {1}', target, endName(status.interrupted));
  if (status) return `${target}: ${status.release ?? l10n.t('empty')}`;
  return problem === undefined ? l10n.t('{0}: not read yet', target) : l10n.t('{0}: not readable', target);
}

function releaseNode(project: ProjectFacts, { version, migrations }: ProjectFacts['releases'][number], index: number): UpgradeNode {
  const state = releaseState(project, index);
  return {
    kind: 'release',
    label: version,
    description: { applied: '', current: l10n.t('current'), pending: l10n.t('pending'), unknown: '' }[state],
    ...{
      applied: { icon: 'check' },
      current: { icon: 'pass-filled', color: 'testing.iconPassed' },
      pending: { icon: 'circle-outline' },
      unknown: { icon: 'tag' },
    }[state],
    context: `release.${state}`,
    ...argumentOf(project),
    release: version,
    children: migrations.map((id) => migrationNode(project, version, id)),
  };
}

function releaseState({ status, releases }: ProjectFacts, index: number): ReleaseState {
  if (!status) return 'unknown';
  const current = releases.findIndex(({ version }) => version === status.release);
  if (current < 0) return status.release === null ? 'pending' : 'unknown';
  if (index === current) return 'current';
  return index < current ? 'applied' : 'pending';
}

const migrationLooks: Readonly<Record<MigrationState['state'], { readonly icon: string; readonly color?: string }>> = {
  applied: { icon: 'check' },
  pending: { icon: 'circle-outline' },
  partial: { icon: 'warning', color: 'list.warningForeground' },
  edited: { icon: 'edit', color: 'list.warningForeground' },
  missing: { icon: 'error', color: 'list.errorForeground' },
};

function migrationNode(project: ProjectFacts, release: string, id: string): UpgradeNode {
  const state = project.status?.migrations.find((migration) => migration.id === id)?.state;
  return {
    kind: 'migration',
    label: id,
    description: state === undefined ? '' : stateWord(state),
    ...(state === undefined ? { icon: 'file-code' } : migrationLooks[state]),
    context: `migration.${state ?? 'unknown'}`,
    ...argumentOf(project),
    release,
    migration: id,
    children: [],
  };
}

function stateWord(state: MigrationState['state']): string {
  switch (state) {
    case 'applied':
      return l10n.t('applied');
    case 'pending':
      return l10n.t('pending');
    case 'partial':
      return l10n.t('partly applied');
    case 'edited':
      return l10n.t('edited after it was applied');
    case 'missing':
      return l10n.t('applied, but its script is missing');
  }
}

function argumentOf({ manifest, target }: ProjectFacts): CommandArgument {
  return { manifest, target };
}
