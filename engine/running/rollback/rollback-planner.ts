import { outcomeOf, ProblemError, type Outcome, type Problem } from '../../core/problem';
import { currentRelease, type JournalState, type StoredMigration, type StoredRelease, type StoredTexts } from '../journal/journal-state';
import type { Release } from '../../inputs/manifest/schema';
import type { BackupInfo, Plan, PlanStep } from '../plan';
import { sealPlan, scriptSteps, sessionDetail, transactionWarnings } from '../plan-building';
import { scriptText, type UpgradeSources } from '../../inputs/sources';
import { backupStep, wantsBackup, type TargetFacts } from '../upgrade-planner';

export interface RollbackOptions {
  /** The release to return to; null for the state before the first. Default: where an interrupted run began, else the release before. */
  readonly to?: string | null;
  /** Undoes one migration only; it must be the last one applied. */
  readonly migration?: string;
  /** Default: by down scripts where there are any, else by restoring. */
  readonly how?: 'down' | 'restore';
  readonly backup?: boolean;
}

/** A plan with what its execution needs beyond it. */
export interface PlannedRollback {
  readonly plan: Plan;
  readonly boundary: number;
  /** The texts of what is undone, by migration. */
  readonly texts: ReadonlyMap<string, StoredTexts>;
  readonly restores: BackupInfo | undefined;
}

export interface RollbackFacts extends TargetFacts {
  /** Every backup that can be found, oldest first. */
  readonly backups: readonly BackupInfo[];
  /** The journaled texts of a migration. */
  readonly textsOf: (migration: string) => Promise<StoredTexts>;
}

/** Makes plans of the way back. What was applied, and how to undo it, is taken from the journal, so that an older manifest will do. */
export class RollbackPlanner {
  /** Fails with `release-unknown`, `rollback-impossible`, `migration-not-next`, `run-interrupted`, `plan-invalid`. */
  createPlan(sources: UpgradeSources, target: RollbackFacts, options: RollbackOptions): Promise<Outcome<PlannedRollback>> {
    return outcomeOf(() => new Planning(sources, target, options).plan());
  }
}

/** Something in the journal that is left or undone, newest first. */
type Item = { readonly release: StoredRelease } | { readonly migration: StoredMigration };

class Planning {
  readonly #journal: JournalState;
  readonly #texts = new Map<string, StoredTexts>();

  constructor(
    private readonly sources: UpgradeSources,
    private readonly target: RollbackFacts,
    private readonly options: RollbackOptions,
  ) {
    this.#journal = target.journal;
  }

  async plan(): Promise<PlannedRollback> {
    const run = this.#journal.openRun;
    const from = run?.direction === 'rollback' ? run.from : currentRelease(this.#journal);
    const { to, boundary } = this.#destination();
    const items = this.#items(boundary);
    const left = items.flatMap((item) => ('release' in item ? [item.release] : []));
    this.#requireWayBack(left);
    const migrations = items.flatMap((item) => ('migration' in item ? [item.migration] : []));
    for (const migration of migrations) this.#texts.set(migration.id, await this.target.textsOf(migration.id));
    const obstacle = this.#obstacle(left, migrations);
    const restores =
      this.options.how === 'restore' || (obstacle !== undefined && this.options.how !== 'down') ? this.#backupOf(to, obstacle) : undefined;
    if (obstacle !== undefined && !restores)
      throw new ProblemError(impossible(to, obstacle, 'Restore a backup manually, or roll forward with a new release.'));

    const work = restores ? [restoreStep(restores)] : await this.#downSteps(items);
    const idle = work.length === 0 && !this.#journal.openRun;
    const steps = idle ? [] : [...this.#backupFirst(work, from), ...work, ...this.#verifyStep(to, boundary)];
    const plan = sealPlan({
      direction: 'rollback',
      system: this.sources.manifest.system,
      target: this.target.name,
      targetDescription: this.target.description,
      protected: this.target.protected,
      from,
      to,
      releases: [...left.slice(1).map((release) => release.release), ...(to === null ? [] : [to])],
      steps,
      warnings: this.#warnings(steps, restores, obstacle),
      basis: { manifest: this.sources.manifestHash, migrations: this.sources.migrationsHash, journal: this.#journal.head },
    });
    return { plan, boundary, texts: this.#texts, restores };
  }

  #destination(): { to: string | null; boundary: number } {
    const run = this.#journal.openRun;
    if (this.options.migration !== undefined) return this.#beforeLast(this.options.migration);
    if (this.options.to === undefined && run) {
      return { to: run.direction === 'rollback' ? run.to : run.from, boundary: run.boundary };
    }
    const { releases } = this.#journal;
    const to = this.options.to === undefined ? (releases.at(-2)?.release ?? null) : this.options.to;
    if (to === null) return { to, boundary: 0 };
    const reached = releases.find((release) => release.release === to);
    if (reached) {
      const next = releases.find((release) => release.ordinal > reached.ordinal);
      // A migration that was accepted out of order stands between two marks and belongs to the release before it.
      const late = this.#journal.migrations.filter(
        (m) => m.release === to && m.ordinal > reached.ordinal && (!next || m.ordinal < next.ordinal),
      );
      return { to, boundary: Math.max(reached.ordinal, ...late.map((m) => m.ordinal)) };
    }
    const known = releases.map((release) => release.release).join(', ') || 'none';
    throw new ProblemError({
      code: 'release-unknown',
      message: `The target was never at release ${to}. Releases that it reached: ${known}.`,
      remedy: 'Choose one of these releases.',
    });
  }

  #beforeLast(id: string): { to: string | null; boundary: number } {
    const last = this.#journal.migrations.at(-1);
    const run = this.#journal.openRun;
    if (run && run.plan.steps.every((step) => step.migration !== id)) {
      throw new ProblemError({
        code: 'run-interrupted',
        message: `A previous run from ${run.from ?? 'empty'} to ${run.to ?? 'empty'} was interrupted on this target.`,
        remedy: 'Resume it or roll it back first.',
      });
    }
    if (!last || last.id !== id) {
      const applied = this.#journal.migrations.some((migration) => migration.id === id);
      throw new ProblemError({
        code: 'migration-not-next',
        message: applied
          ? `Migration ${id} cannot be rolled back yet: ${last?.id ?? ''} of release ${last?.release ?? ''} was applied after it.`
          : `Migration ${id} is not applied to the target.`,
        remedy: applied
          ? `Roll back ${last?.id ?? ''} first, or roll back to an earlier release.`
          : 'Choose the migration that was applied last.',
      });
    }
    const boundary = last.ordinal - 1;
    const release = this.#journal.releases.filter((reached) => reached.ordinal <= boundary).at(-1);
    return { to: release?.release ?? null, boundary };
  }

  #items(boundary: number): Item[] {
    const releases = this.#journal.releases.map((release) => ({ release, ordinal: release.ordinal }));
    const migrations = this.#journal.migrations.map((migration) => ({ migration, ordinal: migration.ordinal }));
    return [...releases, ...migrations].filter((item) => item.ordinal > boundary).sort((a, b) => b.ordinal - a.ordinal);
  }

  /** How a release is left: as the manifest says now, or as it said when the release was reached. */
  #policy(release: StoredRelease): Release['rollback'] {
    return this.sources.manifest.releases.find((candidate) => candidate.version === release.release)?.rollback ?? release.rollback;
  }

  #requireWayBack(left: readonly StoredRelease[]): void {
    for (const release of left) {
      const policy = this.#policy(release);
      if (typeof policy !== 'object') continue;
      throw new ProblemError({
        code: 'rollback-impossible',
        message: `Release ${release.release} cannot be rolled back: ${policy.none}`,
        remedy: 'Roll forward with a new release.',
        file: this.sources.manifestPath,
      });
    }
  }

  /** Why down scripts do not lead back; undefined when they do. */
  #obstacle(left: readonly StoredRelease[], migrations: readonly StoredMigration[]): string | undefined {
    const restore = left.find((release) => this.#policy(release) === 'restore');
    if (restore) return `release ${restore.release} is rolled back by restoring a backup`;
    for (const migration of migrations) {
      if (migration.irreversible !== undefined) return `migration ${migration.id} cannot be undone (${migration.irreversible})`;
      if (migration.kind === 'transform' && !this.#texts.get(migration.id)?.transform?.undo) return `transform ${migration.id} has no undo`;
      if (migration.kind === 'script' && this.#downOf(migration).sql === undefined) return `migration ${migration.id} has no down script`;
    }
    return undefined;
  }

  #backupOf(to: string | null, obstacle: string | undefined): BackupInfo {
    const backups = this.target.backups.filter((backup) => backup.release === to && backup.proven && backup.target === this.target.name);
    const backup = backups.at(-1);
    if (backup) return backup;
    const reason = obstacle ?? 'a restore was requested';
    throw new ProblemError(
      impossible(to, `${reason}, and there is no proven backup of ${to ?? 'the empty target'}`, 'Roll forward with a new release.'),
    );
  }

  /** The down script of the directory when its up is the one that was applied (it may have been mended since), else the journal's. */
  #downOf(migration: StoredMigration): { sql: string | undefined; file?: string; fromJournal: boolean } {
    const source = this.sources.migrations.find((candidate) => candidate.id === migration.id);
    if (source?.script?.down && source.hash === migration.hash) {
      return { sql: scriptText(source.script.down), file: source.script.down.file, fromJournal: false };
    }
    return { sql: this.#texts.get(migration.id)?.down, fromJournal: true };
  }

  async #downSteps(items: readonly Item[]): Promise<PlanStep[]> {
    const steps: PlanStep[] = [];
    for (const item of items) {
      if ('release' in item) steps.push(leaveStep(item.release.release));
      else if (item.migration.kind === 'transform') steps.push(undoTransformStep(item.migration));
      else steps.push(...(await this.#scriptDown(item.migration)));
    }
    return steps;
  }

  async #scriptDown(migration: StoredMigration): Promise<PlanStep[]> {
    const down = this.#downOf(migration);
    const source = this.sources.migrations.find((candidate) => candidate.id === migration.id)?.script;
    const stored = this.#texts.get(migration.id)?.runner?.down;
    const runner =
      !down.fromJournal && source?.down
        ? { transaction: source.down.transaction, sends: this.sources.directory?.runner.sends ?? ('whole' as const) }
        : (stored ?? { transaction: 'script' as const, sends: 'whole' as const });
    const steps = await scriptSteps(
      {
        id: migration.id,
        release: migration.release,
        direction: 'down',
        sql: down.sql ?? '',
        file: down.file,
        irreversible: undefined,
        ...(down.fromJournal && { detail: 'Uses the down script stored in the journal.' }),
      },
      { ...runner, separate: migration.state === 'partial' },
    );
    const run = this.#journal.openRun;
    const done = new Map((run?.direction === 'rollback' ? run.steps : []).filter((s) => s.state === 'done').map((s) => [s.id, s.hash]));
    return steps.filter((step) => step.detail === sessionDetail || done.get(step.id) !== step.hash);
  }

  #backupFirst(work: readonly PlanStep[], from: string | null): PlanStep[] {
    const id = `${from ?? 'empty'}/backup/down`;
    const done = this.#journal.openRun?.steps.some((step) => step.id === id && step.state === 'done');
    return work.length > 0 && !done && wantsBackup(work, this.target.protected, this.options.backup) ? [backupStep(id, from, 'down')] : [];
  }

  #verifyStep(to: string | null, boundary: number): PlanStep[] {
    const known = this.options.migration === undefined || this.#journal.releases.some((release) => release.ordinal === boundary);
    if (!known) return [];
    return [
      {
        id: `${to ?? 'empty'}/state`,
        kind: 'verify',
        direction: 'down',
        title: `Compare the schema with that of ${to ?? 'the empty target'}`,
        release: to ?? '',
        transactional: true,
      },
    ];
  }

  #warnings(steps: readonly PlanStep[], restores: BackupInfo | undefined, obstacle: string | undefined): string[] {
    const warnings = transactionWarnings(steps);
    if (restores) {
      warnings.push(`Restoring backup ${restores.id} discards everything written since ${restores.createdAt}.`);
      if (obstacle !== undefined) warnings.push(`The backup is restored because ${obstacle}.`);
    }
    return warnings;
  }
}

function leaveStep(release: string): PlanStep {
  return {
    id: `${release}/leave`,
    kind: 'release',
    direction: 'down',
    title: `Mark release ${release} as rolled back`,
    release,
    transactional: true,
  };
}

function undoTransformStep(migration: StoredMigration): PlanStep {
  return {
    id: `${migration.release}/down/${migration.id}`,
    kind: 'transform',
    direction: 'down',
    title: `Undo transform ${migration.id}`,
    release: migration.release,
    migration: migration.id,
    hash: migration.hash,
    transactional: true,
    detail: 'Restores only the rows that the transform changed.',
  };
}

function restoreStep(backup: BackupInfo): PlanStep {
  return {
    id: `restore/${backup.id}`,
    kind: 'restore',
    direction: 'down',
    title: `Restore backup ${backup.id}`,
    release: backup.release ?? '',
    transactional: false,
    detail: `Taken ${backup.createdAt}, ${backup.bytes} bytes, stored in ${backup.location}.`,
  };
}

function impossible(to: string | null, reason: string, remedy: string): Problem {
  return { code: 'rollback-impossible', message: `The target cannot be rolled back to ${to ?? 'the empty target'}: ${reason}.`, remedy };
}
