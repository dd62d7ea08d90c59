import { l10n } from 'vscode';
import { describeDrift, type TargetStatus } from '#engine/running/plan';
import type { CommandArgument } from '../commands/argument';
import { runningText } from '../runs/progress-message';
import type { RunActivity } from '../runs/activity';
import { pendingCount, type TargetState } from '../target-states';

/** What the tree of targets needs to know of a target. */
export interface TargetFacts {
  /** URI of the manifest. */
  readonly manifest: string;
  readonly system: string;
  readonly name: string;
  readonly driver: string;
  readonly protected: boolean;
  readonly state: TargetState | undefined;
  /** Set while a run changes the target. */
  readonly activity?: RunActivity;
}

/** One line of the tree. */
export interface TargetNode extends CommandArgument {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip?: string;
  readonly icon: string;
  readonly color?: string;
  /** For `when` clauses: `target`, `targetDetail`. */
  readonly context: string;
  readonly children: readonly TargetNode[];
}

/** Targets by name; those of several systems carry the system's name. */
export function targetNodes(targets: readonly TargetFacts[]): TargetNode[] {
  const severalSystems = new Set(targets.map(({ manifest }) => manifest)).size > 1;
  return targets.map((target) => targetNode(target, severalSystems));
}

function targetNode(target: TargetFacts, severalSystems: boolean): TargetNode {
  const id = `${target.manifest}\n${target.name}`;
  return {
    id,
    label: severalSystems ? `${target.system} ${target.name}` : target.name,
    description: targetDescription(target),
    tooltip: targetTooltip(target),
    ...targetLook(target),
    context: 'target',
    manifest: target.manifest,
    target: target.name,
    children: details(id, target.state),
  };
}

function targetLook({ activity, state, protected: isProtected }: TargetFacts): Pick<TargetNode, 'icon' | 'color'> {
  if (activity) return { icon: 'sync~spin' };
  if (state?.status?.running) return { icon: 'sync~spin' };
  if (state?.status?.interrupted || warnings(state?.status).length > 0) return { icon: 'warning', color: 'list.warningForeground' };
  return { icon: isProtected ? 'lock' : 'database' };
}

/** `1.0.0, protected`: short, because a narrow view cuts it off. */
function targetDescription({ protected: isProtected, state, activity }: TargetFacts): string {
  if (activity) return runningText(activity);
  const word = isProtected ? [l10n.t('protected')] : [];
  if (state?.reading) return [...word, l10n.t('reading')].join(', ');
  if (state?.status) return [state.status.release ?? l10n.t('empty'), ...word].join(', ');
  return [...word, stateText(state)].join(', ');
}

function stateText(state: TargetState | undefined): string {
  if (!state?.problem) return l10n.t('not read yet');
  return state.problem.code === 'target-unreachable' ? l10n.t('not reachable') : l10n.t('not readable');
}

function targetTooltip(target: TargetFacts): string {
  return `${target.name}: ${target.driver}, ${targetDescription(target)}`;
}

function runTitle({ ended }: NonNullable<TargetStatus['interrupted']>): string {
  return { failed: l10n.t('Failed run'), cancelled: l10n.t('Cancelled run'), interrupted: l10n.t('Interrupted run') }[ended];
}

/** What was changed outside of runs: in the schema, and in the journal. */
function warnings(status: TargetStatus | undefined): { readonly key: string; readonly label: string; readonly lines: readonly string[] }[] {
  const { drift = [], journalLacks = [] } = status ?? {};
  return [
    { key: 'drift', label: l10n.t('Changed outside the journal'), lines: drift.map(describeDrift) },
    { key: 'journal', label: l10n.t('Rows of the journal are missing'), lines: journalLacks },
  ].filter(({ lines }) => lines.length > 0);
}

function details(id: string, state: TargetState | undefined): TargetNode[] {
  if (state?.problem) {
    const { message, remedy } = state.problem;
    return [detail(id, 'problem', message, '', 'error', `${message}\n${remedy}`, 'list.errorForeground')];
  }
  const status = state?.status;
  if (!status) return [];
  const { interrupted, running } = status;
  return [
    ...(running
      ? [
          detail(
            id,
            'running',
            l10n.t('Running'),
            running.title,
            'sync~spin',
            l10n.t(
              'Step {0} of {1}, since {2}, by {3}',
              Math.min(running.done + 1, running.total),
              running.total,
              running.since,
              running.by,
            ),
          ),
        ]
      : []),
    ...(interrupted
      ? [
          detail(
            id,
            'interrupted',
            runTitle(interrupted),
            interrupted.step,
            'warning',
            [
              l10n.t('Stopped after step {0} of {1}, at {2}', interrupted.done, interrupted.total, interrupted.step),
              interrupted.error,
              interrupted.direction === 'rollback'
                ? l10n.t('Roll back again to resume, or run the upgrade again.')
                : l10n.t('Run the upgrade again to resume, or roll back.'),
            ]
              .filter(Boolean)
              .join('\n'),
            'list.warningForeground',
          ),
        ]
      : []),
    ...warnings(status).map(({ key, label, lines }) =>
      detail(id, key, label, lines[0] ?? '', 'warning', [label, ...lines].join('\n'), 'list.warningForeground'),
    ),
    detail(id, 'release', l10n.t('Release'), `${status.release ?? l10n.t('empty')}, ${l10n.t('{0} pending', pendingCount(status))}`, 'tag'),
    detail(id, 'server', l10n.t('Server'), status.serverVersion, 'server', status.targetDescription),
    {
      ...detail(id, 'backups', l10n.t('Backups'), String(status.backups.length), 'archive'),
      children: status.backups.map((backup) =>
        detail(
          id,
          `backup ${backup.id}`,
          backup.createdAt.replace('T', ' ').replace(/\.\d+/, ''),
          [
            backup.release ?? l10n.t('empty'),
            size(backup.bytes),
            backup.proven ? l10n.t('restored and compared') : l10n.t('not proven'),
            ...(backup.origin === 'other' ? [l10n.t('of another database')] : []),
          ].join(', '),
          backup.proven ? 'verified' : 'archive',
          `${backup.id}\n${backup.targetDescription}\n${backup.location}`,
        ),
      ),
    },
  ];
}

function detail(
  target: string,
  key: string,
  label: string,
  description: string,
  icon: string,
  tooltip?: string,
  color?: string,
): TargetNode {
  return {
    id: `${target}\n${key}`,
    label,
    description,
    icon,
    context: 'targetDetail',
    children: [],
    tooltip,
    color,
  };
}

/** `512 bytes`, `4.2 MB` */
export function size(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  if (bytes < 1000) return l10n.t('{0} bytes', bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
