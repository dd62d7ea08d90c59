import { outcomeOf, ProblemError, type Outcome } from '../core/problem';
import { Journal } from '../running/journal/journal';
import { readJournal } from '../running/journal/journal-reading';
import { howToRestoreOther, takenOfOther, unrecordedDatabase } from '../running/backups/origin-text';
import type { BackupInfo, ListedBackup, RestoredBackup, VerificationReport } from '../running/plan';
import type { Target } from '../databases/target';
import {
  lookAtTarget,
  withTarget,
  type Installation,
  type OpenedTarget,
  backupsOf,
  requireConfirmation,
  type RunRequest,
} from './installation';
import { lockOptions } from './other-runs';
import { verifyTarget } from './verification';
import { VersionTracker } from '../running/journal/version-tracker';

export interface RestoreRequest extends RunRequest {
  /** The id of a backup, or `latest`. Default: the newest proven one of this database. */
  readonly backup?: string;
  /** The id of a backup that may be of another database. */
  readonly otherDatabase?: string;
}

/** What a restore would do. */
export interface RestorePreview {
  readonly backup: ListedBackup;
  readonly target: string;
  readonly protected: boolean;
  /** Which backup, of when and of which database, and what is lost. */
  readonly text: string;
}

/** Keeps the state of a target recoverable: takes backups, restores them, and verifies that the state is what it should be. */
export class StateRecovery {
  constructor(private readonly installation: Installation) {}

  /** Takes a backup and proves it. Fails with `lock-held`, `backup-failed`. */
  backup(): Promise<Outcome<BackupInfo>> {
    return outcomeOf(() =>
      withTarget(
        this.installation,
        (opened) => this.#backup(opened),
        () => true,
      ),
    );
  }

  /** What `restore` would do. Changes nothing. Fails with `backup-not-found`, `backup-of-other-database`. */
  preview(request: RestoreRequest = {}): Promise<Outcome<RestorePreview>> {
    return outcomeOf(() => lookAtTarget(this.installation, async (opened) => this.#preview(opened, request)));
  }

  /**
   * Restores a backup as a rollback that goes by no release. Fails with `backup-not-found`, `backup-of-other-database`, `backup-damaged`,
   * `confirmation-needed`, `lock-held`, `restore-failed`; the target is then as before.
   */
  restore(request: RestoreRequest = {}): Promise<Outcome<RestoredBackup>> {
    return outcomeOf(() =>
      withTarget(
        this.installation,
        (opened) => this.#restore(opened, request),
        () => true,
      ),
    );
  }

  /** Whether the target is what its journal says, and whether its release works. Changes nothing. */
  verify(): Promise<Outcome<VerificationReport>> {
    const { host, signal } = this.installation;
    return outcomeOf(() => lookAtTarget(this.installation, (opened) => verifyTarget(opened, { environment: host.environment, signal })));
  }

  async #backup({ session, ...opened }: OpenedTarget): Promise<BackupInfo> {
    const { signal } = this.installation;
    const lock = await session.lock(lockOptions(this.installation));
    try {
      const release = new VersionTracker(await readJournal(session)).content;
      return await backupsOf(this.installation, { session, ...opened }).take(session, { release, signal });
    } finally {
      await lock.release();
    }
  }

  async #preview(opened: OpenedTarget, request: RestoreRequest): Promise<RestorePreview> {
    const { target } = opened;
    const backup = chosenBackup(await backupsOf(this.installation, opened).list(), request);
    return { backup, target: target.name, protected: target.protected, text: restoreText(backup, target) };
  }

  async #restore(opened: OpenedTarget, request: RestoreRequest): Promise<RestoredBackup> {
    const { host, signal } = this.installation;
    const { backup: chosen, text } = await this.#preview(opened, request);
    requireConfirmation(request, opened.target, text, 'Confirm it.');
    await opened.session.lock(lockOptions(this.installation));
    const backups = backupsOf(this.installation, opened, request);
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

function chosenBackup(backups: readonly ListedBackup[], { backup, otherDatabase }: RestoreRequest): ListedBackup {
  const id = otherDatabase ?? backup;
  if (id === undefined || id === 'latest') return newestBackup(backups);
  const chosen = backups.find((info) => info.id === id);
  if (!chosen) {
    const message = `There is no backup ${id} of this target.`;
    throw new ProblemError({ code: 'backup-not-found', message, remedy: 'Choose a backup that the status lists.' });
  }
  if (chosen.origin !== 'other' || otherDatabase !== undefined) return chosen;
  throw new ProblemError({
    code: 'backup-of-other-database',
    message: `${takenOfOther(chosen)} The target is unchanged.`,
    remedy: howToRestoreOther(chosen),
  });
}

function newestBackup(backups: readonly ListedBackup[]): ListedBackup {
  const proven = backups.filter((info) => info.proven);
  const chosen = proven.filter(({ origin }) => origin !== 'other').at(-1);
  if (chosen) return chosen;
  const other = proven.at(-1);
  if (!other)
    throw new ProblemError({
      code: 'backup-not-found',
      message: 'There is no proven backup of this target.',
      remedy: 'Run rollback to return to an earlier release by down scripts.',
    });
  throw new ProblemError({
    code: 'backup-of-other-database',
    message: `There is no proven backup of this database. ${takenOfOther(other)} The target is unchanged.`,
    remedy: howToRestoreOther(other),
  });
}

function restoreText(backup: ListedBackup, { description }: Target): string {
  const { id, release, createdAt, targetDescription, origin } = backup;
  const source = origin === 'this' && targetDescription === description ? '' : ` of ${targetDescription}`;
  const what = `Restore backup ${id}, release ${release ?? 'empty'}, taken ${createdAt}${source}, on ${description}.`;
  const statement = { this: [], other: [takenOfOther(backup)], unrecorded: [unrecordedDatabase(backup)] }[origin];
  return [what, ...statement, 'Everything written since then is lost.'].join(' ');
}
