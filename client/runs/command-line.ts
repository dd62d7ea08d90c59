/** What a person wants done to a target. */
export interface Goal {
  readonly direction: 'upgrade' | 'rollback';
  /** Absolute path of the manifest. */
  readonly manifest: string;
  readonly target: string;
  /** The release to go to or back to; the command line's default when undefined. */
  readonly release?: string;
  /** Only this migration. */
  readonly migration?: string;
  /** Named risks of the way, only for upgrades, and changes outside the journal that a person accepted. */
  readonly accept?: readonly string[];
}

/** Arguments that print the plan of a goal as JSON. */
export function planArguments(goal: Goal): string[] {
  return goal.direction === 'upgrade'
    ? ['plan', ...way(goal), '--format', 'json']
    : ['rollback', ...way(goal), '--dry-run', '--format', 'json'];
}

/** Arguments that run a plan which a person has seen and confirmed. */
export function runArguments(goal: Goal, planId: string): string[] {
  const command = goal.direction === 'upgrade' ? 'apply' : 'rollback';
  return [command, ...way(goal), '--plan', planId, '--yes', '--events', '--format', 'json'];
}

export function statusArguments(manifest: string, target: string): string[] {
  return ['status', manifest, '--target', target, '--format', 'json'];
}

export function initArguments(folder: string): string[] {
  return ['init', folder, '--format', 'json'];
}

function way(goal: Goal): string[] {
  return [
    goal.manifest,
    '--target',
    goal.target,
    ...(goal.release === undefined ? [] : ['--to', goal.release]),
    ...(goal.migration === undefined ? [] : ['--migration', goal.migration]),
    ...(goal.accept ?? [])
      .filter((name) => goal.direction === 'upgrade' || name.startsWith('drift:'))
      .flatMap((name) => ['--accept', name]),
  ];
}
