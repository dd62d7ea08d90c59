import { outcomeOf, ProblemError, type Outcome, type Problem } from '../core/problem';
import { Journal } from '../running/journal/journal';
import { readJournal } from '../running/journal/journal-reading';
import type { BackupInfo, RestoredBackup, VerificationReport } from '../running/plan';
import {
  lookAtTarget,
  withTarget,
  type Installation,
  type OpenedTarget,
  backupsOf,
  lockOptions,
  requireConfirmation,
  type RunRequest,
} from './installation';
import { verifyTarget } from './verification';
import { VersionTracker } from '../running/journal/version-tracker';

export interface RestoreRequest extends RunRequest {
  /** The id of a backup, or `latest`. Default: the newest proven one. */
  readonly backup?: string;
}

/** Keeps the state of a target recoverable: takes backups, restores them, and verifies that the state is what it should be. */
export class StateRecovery {
  constructor(private readonly installation: Installation) {}

  /** Takes a backup and proves it. Fails with `lock-held`, `backup-failed`. */
  backup(request: RunRequest = {}): Promise<Outcome<BackupInfo>> {
    return outcomeOf(() =>
      withTarget(this.installation, async (opened) => {
        const lock = await opened.session.lock(lockOptions(this.installation, request));
        try {
          const options = { release: new VersionTracker(opened.journal).content, signal: this.installation.signal };
          return await backupsOf(this.installation, opened).take(opened.session, options);
        } finally {
          await lock.release();
        }
      }),
    );
  }

  /**
   * Restores a backup as a rollback that goes by no release. Fails with `backup-not-found`, `backup-damaged`,
   * `confirmation-needed`, `lock-held`, `restore-failed`; the target is then as before.
   */
  restore(request: RestoreRequest = {}): Promise<Outcome<RestoredBackup>> {
    return outcomeOf(() => withTarget(this.installation, (opened) => this.#restore(opened, request)));
  }

  /** Whether the target is what its journal says, and whether its release works. Changes nothing. */
  verify(): Promise<Outcome<VerificationReport>> {
    const { host, signal } = this.installation;
    return outcomeOf(() => lookAtTarget(this.installation, (opened) => verifyTarget(opened, { environment: host.environment, signal })));
  }

  async #restore(opened: OpenedTarget, request: RestoreRequest): Promise<RestoredBackup> {
    const { host, signal } = this.installation;
    const backups = backupsOf(this.installation, opened);
    const chosen = chosenBackup(await backups.list(), request.backup);
    requireConfirmation(
      request,
      opened.target,
      `Restore the backup ${chosen.id} of ${chosen.createdAt} (release ${chosen.release ?? 'empty'}) on ${opened.target.description}. Everything written since then is lost.`,
      'Confirm it.',
    );
    await opened.session.lock(lockOptions(this.installation, request));
    const { session, problem, previous } = await backups.restore(opened.session, chosen, { signal });
    opened.use(session);
    if (problem) throw new ProblemError(problem);
    const { openRun } = await readJournal(session);
    if (openRun) {
      const journal = await Journal.open(session, { clock: host.clock, system: opened.sources.manifest.system });
      const isUntouched = openRun.steps.every((step) => step.kind === 'check' || step.kind === 'backup');
      if (isUntouched) await journal.closeRun(openRun.id, 'undone');
    }
    return { ...chosen, previous };
  }
}

function chosenBackup(backups: readonly BackupInfo[], id: string | undefined): BackupInfo {
  const isNewest = id === undefined || id === 'latest';
  const chosen = isNewest ? backups.filter((info) => info.proven).at(-1) : backups.find((info) => info.id === id);
  if (!chosen) throw new ProblemError(noBackup(isNewest ? undefined : id));
  return chosen;
}

function noBackup(id: string | undefined): Problem {
  if (id === undefined)
    return {
      code: 'backup-not-found',
      message: 'There is no proven backup of this target.',
      remedy: 'Run rollback to return to an earlier release by down scripts.',
    };
  return {
    code: 'backup-not-found',
    message: `There is no backup ${id} of this target.`,
    remedy: 'Choose a backup that the status lists.',
  };
}
