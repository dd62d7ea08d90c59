import type { PlanStep } from '../plan';
import type { StepKind, StepOf } from './step';

/** A backup before anything is changed. The payload is what the target holds: a release, or a release with parts of the next. */
export type BackupStep = StepOf<'backup', { readonly content: string | null }>;

/** A backup is taken where a person could not get back without one. */
export function wantsBackup(steps: readonly PlanStep[], isProtected: boolean, option: boolean | undefined): boolean {
  if (option !== undefined) return option;
  const work = steps.filter((step) => step.migration !== undefined);
  return isProtected || work.some((step) => !step.transactional || step.irreversible !== undefined);
}

export function backupStep(id: string, release: string | null, content: string | null, direction: 'up' | 'down'): BackupStep {
  return {
    id,
    kind: 'backup',
    direction,
    title: `Back up ${content ?? 'the target'}`,
    release: release ?? '',
    transactional: false,
    detail: 'Stored, and proven by restoring it into a scratch database.',
    payload: { content },
  };
}

export const backupKind: StepKind<BackupStep> = {
  async perform(run, step) {
    await run.intend(step);
    const backup = await run.act(step, () => run.backups.take(run.session, { release: step.payload.content, signal: run.signal }));
    await run.done(step, { backup });
    run.tracker.tookBackup(backup);
    return `${backup.location} (${backup.bytes} bytes, ${backup.proven ? 'proven' : 'not proven'}).`;
  },
};
