import type { TargetStatus } from '#engine/running/plan';

/** The state of the target `local` of `mem8`: at 1.0.0, with nothing to run and no backups. */
export function targetStatus(more: Partial<TargetStatus> = {}): TargetStatus {
  return {
    system: 'mem8',
    target: 'local',
    targetDescription: '',
    protected: false,
    serverVersion: '17',
    release: '1.0.0',
    newest: '1.0.0',
    migrations: [],
    backups: [],
    leftCopies: [],
    ...more,
  };
}

const unfinished = {
  run: 'r',
  plan: 'p',
  direction: 'upgrade',
  from: '1.0.0',
  to: '2.0.0',
  step: '2.0.0/up/0002',
  done: 1,
  total: 4,
} as const;

/** An upgrade that another process carries out. */
export const liveRun: NonNullable<TargetStatus['running']> = {
  ...unfinished,
  title: 'Apply 0002',
  since: '2026-11-30T22:04:05.000Z',
  by: 'mem8-upgrade on build-7',
};

/** An upgrade that ended in the middle of a step, of which nobody knows whether it was done. */
export const interruptedRun: NonNullable<TargetStatus['interrupted']> = {
  ...unfinished,
  state: 'unknown',
  ended: 'interrupted',
};
