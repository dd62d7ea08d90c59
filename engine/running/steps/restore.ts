import { ProblemError } from '../../core/problem';
import type { BackupInfo } from '../plan';
import type { StepKind, StepOf } from './step';

/** Replaces the content of the target by that of the backup. */
export type RestoreStep = StepOf<'restore', BackupInfo>;

export function restoreStep(backup: BackupInfo): RestoreStep {
  return {
    id: `restore/${backup.id}`,
    kind: 'restore',
    direction: 'down',
    title: `Restore backup ${backup.id}`,
    release: backup.release ?? '',
    transactional: false,
    detail: `Taken ${backup.createdAt} of ${backup.targetDescription}, ${backup.bytes} bytes, stored in ${backup.location}.`,
    payload: backup,
  };
}

export const restoreKind: StepKind<RestoreStep> = {
  async perform(run, step) {
    await run.intend(step);
    const { session, problem, previous } = await run.act(step, () =>
      run.backups.restore(run.session, step.payload, { signal: run.signal }),
    );
    await run.moveTo(session);
    if (problem) throw new ProblemError(problem);
    await run.beginAnew();
    await run.intend(step);
    await run.done(step);
    return previous === undefined ? undefined : `The replaced database is kept at ${previous}.`;
  },
};
