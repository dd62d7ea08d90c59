import { ProblemError, type Problem } from '../../core/problem';
import { listedBriefly } from '../../core/wording';
import { VersionTracker } from '../journal/version-tracker';
import { readTexts } from '../journal/journal-reading';
import { ended, type JournalState, type StoredMigration, type StoredRelease, type StoredTexts } from '../journal/journal-state';
import type { Script } from '../../core/scripts';
import type { Release } from '../../inputs/manifest/schema';
import type { Drifted } from '../../databases/fact';
import type { ScriptWrite } from '../../databases/row-record';
import type { TargetSession } from '../../databases/target';
import type { ListedBackup } from '../plan';
import { driftOf, lossesOf, sealPlan, transactionWarnings } from './plan-building';
import { shown, type PlannedRun, type Step } from './planned-run';
import { scriptText, type UpgradeSources } from '../../inputs/sources';
import { backupStep, wantsBackup } from '../steps/backup';
import { leaveStep } from '../steps/release';
import { howToRestoreOther, takenOfOther, unrecordedDatabase } from '../backups/origin-text';
import { restoreStep } from '../steps/restore';
import { cutScript, scriptSteps, sessionDetail } from '../steps/script';
import { undoTransformStep } from '../steps/transform';
import { type ExpectedRows, verifyStateStep } from '../steps/verify';
import type { TargetFacts } from './upgrade-planner';
import { StateManager } from '../verification/state-manager';

export interface RollbackOptions {
  /** The release to return to; null for the state before the first. Default: where an interrupted run began, else the release before. */
  readonly to?: string | null;
  /** Undoes one migration only; it must be the last one applied. */
  readonly migration?: string;
  /** Default: by down scripts where there are any, else by restoring. */
  readonly how?: 'down' | 'restore';
  /** True: always take a backup; false: never. Default: when the target is protected or something cannot be undone, but not before a restore. */
  readonly backup?: boolean;
  /** Changes of the schema outside the journal. */
  readonly drift?: readonly Drifted[];
}

interface RollbackFacts extends TargetFacts {
  /** Every backup that can be found, oldest first. */
  readonly backups: readonly ListedBackup[];
  /** On which the journaled texts and schemas are read. */
  readonly session: TargetSession;
}

/** Makes plans of the way back. What was applied, and how to undo it, is taken from the journal, so that an older manifest will do. */
export class RollbackPlanner {
  /** @throws ProblemError `release-unknown`, `rollback-impossible`, `migration-not-next`, `run-interrupted`, `plan-invalid` */
  createPlan(sources: UpgradeSources, target: RollbackFacts, options: RollbackOptions): Promise<PlannedRun> {
    return new Planning(sources, target, options).plan();
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

  async plan(): Promise<PlannedRun> {
    const run = this.#journal.openRun;
    const from = run?.direction === 'rollback' ? run.from : new VersionTracker(this.#journal).currentRelease;
    const { to, boundary } = this.#destination();
    const items = this.#items(boundary);
    const left = items.flatMap((item) => ('release' in item ? [item.release] : []));
    this.#requireWayBack(left);
    const migrations = items.flatMap((item) => ('migration' in item ? [item.migration] : []));
    for (const migration of migrations) this.#texts.set(migration.id, await readTexts(this.target.session, migration.id));
    const obstacle = this.#obstacle(left, migrations);
    const restores =
      this.options.how === 'restore' || (obstacle !== undefined && this.options.how !== 'down') ? this.#backupOf(to, obstacle) : undefined;
    if (obstacle !== undefined && !restores) {
      throw new ProblemError(impossible(to, obstacle, this.#backupAt(to) ? byBackup : this.#earlierWay(to)));
    }

    const work = restores ? [restoreStep(restores)] : await this.#downSteps(items);
    const idle = work.length === 0 && !this.#journal.openRun;
    const steps = idle
      ? []
      : [
          ...(this.#wantsBackup(work, this.options.backup) ? this.#backupFirst(from) : []),
          ...work,
          ...(await this.#verifyStep({ to, boundary, migrations, restores })),
        ];
    const plan = sealPlan({
      direction: 'rollback',
      system: this.sources.manifest.system,
      target: this.target.name,
      targetDescription: this.target.description,
      protected: this.target.protected,
      from,
      to,
      releases: [...left.slice(1).map((release) => release.release), ...(to === null ? [] : [to])],
      steps: steps.map(shown),
      losses: restores
        ? [`everything written since ${restores.createdAt}, when backup ${restores.id} was taken`]
        : await lossesOf(steps, this.sources.database.execution),
      drift: driftOf(this.options.drift, run?.direction === 'rollback' ? run : undefined),
      warnings: this.#warnings(work, restores, obstacle),
      basis: { manifest: this.sources.manifestHash, migrations: this.sources.migrationsHash, journal: this.#journal.head },
    });
    return { plan, steps, boundary };
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
        message: `A previous run from ${run.from ?? 'empty'} to ${run.to ?? 'empty'} ${ended(run)} on this target.`,
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

  #backupOf(to: string | null, obstacle: string | undefined): ListedBackup {
    const backup = this.#backupAt(to);
    if (backup) return backup;
    const missing = `${obstacle ?? 'a restore was requested'}, and there is no proven backup of ${to ?? 'the empty target'}`;
    const other = this.#backupsAt(to).at(-1);
    if (other) {
      throw new ProblemError(
        impossible(to, `${missing} that was taken of this database`, `${takenOfOther(other)} ${howToRestoreOther(other)}`),
      );
    }
    throw new ProblemError(impossible(to, missing, obstacle === undefined ? byDownScripts : this.#earlierWay(to)));
  }

  #backupsAt(release: string | null): readonly ListedBackup[] {
    return this.target.backups.filter((backup) => backup.release === release && backup.proven && backup.target === this.target.name);
  }

  #backupAt(release: string | null): ListedBackup | undefined {
    return this.#backupsAt(release)
      .filter(({ origin }) => origin !== 'other')
      .at(-1);
  }

  /** What to do when `to` cannot be reached: the nearest release before it that a backup leads to. */
  #earlierWay(to: string | null): string {
    const { releases } = this.#journal;
    const at = releases.findIndex((release) => release.release === to);
    const candidates = at < 0 ? [] : [...releases.slice(0, at).reverse(), undefined];
    for (const candidate of to === null ? [] : candidates) {
      const left = releases.filter((release) => release.ordinal > (candidate?.ordinal ?? 0));
      if (left.some((release) => typeof this.#policy(release) === 'object')) break;
      const backup = this.#backupAt(candidate?.release ?? null);
      if (!backup) continue;
      const command = candidate ? `rollback --to ${candidate.release}` : `restore --backup ${backup.id}`;
      return `Run ${command}, which restores the backup of ${candidate?.release ?? 'the empty target'} taken ${backup.createdAt}, or roll forward with a new release.`;
    }
    return 'Roll forward with a new release.';
  }

  /** The down script of the directory when its up is the one that was applied (it may have been mended since), else the journal's. */
  #downOf(migration: StoredMigration): { sql: string | undefined; source?: Script } {
    const source = this.sources.migrations.find((candidate) => candidate.id === migration.id);
    if (source?.script?.down && source.hash === migration.hash) {
      return { sql: scriptText(source.script.down), source: source.script.down };
    }
    return { sql: this.#texts.get(migration.id)?.down };
  }

  async #downSteps(items: readonly Item[]): Promise<Step[]> {
    const steps: Step[] = [];
    for (const item of items) {
      if ('release' in item) steps.push(leaveStep(item.release.release));
      else if (item.migration.kind === 'transform') steps.push(this.#transformDown(item.migration));
      else steps.push(...(await this.#scriptDown(item.migration)));
    }
    return steps;
  }

  #transformDown(migration: StoredMigration): Step {
    const transform = this.#texts.get(migration.id)?.transform;
    if (!transform) throw new Error(`the journal has no transform ${migration.id}`);
    return undoTransformStep(migration, transform);
  }

  async #scriptDown(migration: StoredMigration): Promise<Step[]> {
    const { sql = '', source } = this.#downOf(migration);
    const stored = this.#texts.get(migration.id)?.runner?.down;
    const runner = source
      ? { transaction: source.transaction, sends: this.sources.directory?.runner.sends ?? ('whole' as const) }
      : (stored ?? { transaction: 'script' as const, sends: 'whole' as const });
    const units = await cutScript(
      {
        id: migration.id,
        release: migration.release,
        direction: 'down',
        sql,
        source,
        irreversible: undefined,
        detail: source ? undefined : 'Uses the down script stored in the journal.',
      },
      this.sources.database.execution,
      { ...runner, separate: migration.state === 'partial' },
    );
    const run = this.#journal.openRun;
    const done = new Map((run?.direction === 'rollback' ? run.steps : []).filter((s) => s.state === 'done').map((s) => [s.id, s.hash]));
    return scriptSteps(
      units.filter((unit) => unit.detail === sessionDetail || done.get(unit.id) !== unit.hash),
      { partial: migration.state === 'partial' ? (this.#texts.get(migration.id)?.up ?? '') : undefined },
    );
  }

  #backupFirst(from: string | null): Step[] {
    const id = `${from ?? 'empty'}/backup/down`;
    const done = this.#journal.openRun?.steps.some((step) => step.id === id && step.state === 'done');
    return done ? [] : [backupStep(id, from, new VersionTracker(this.#journal).content, 'down')];
  }

  /** A restore needs none: it keeps the database that it replaces. */
  #wantsBackup(work: readonly Step[], option: boolean | undefined): boolean {
    const restores = work.some((step) => step.kind === 'restore');
    return work.length > 0 && (option ?? !restores) && wantsBackup(work, this.target.protected, option);
  }

  async #verifyStep(goal: {
    to: string | null;
    boundary: number;
    migrations: readonly StoredMigration[];
    restores: ListedBackup | undefined;
  }): Promise<Step[]> {
    const { to, boundary, migrations, restores } = goal;
    const known = this.options.migration === undefined || this.#journal.releases.some((release) => release.ordinal === boundary);
    if (!known) return [];
    const states = new StateManager(this.sources.database.catalogue);
    const schema = await states.expectedState(this.target.session, this.#journal, to, boundary);
    const since = states.rowsSince(this.#journal, to, boundary);
    const rows: ExpectedRows | undefined = restores ? { backup: restores } : since && { since, writes: await this.#writesOf(migrations) };
    return [verifyStateStep(to, schema, rows)];
  }

  async #writesOf(migrations: readonly StoredMigration[]): Promise<ScriptWrite[]> {
    const writes: ScriptWrite[] = [];
    for (const migration of migrations) {
      const { transform, up } = this.#texts.get(migration.id) ?? {};
      if (transform) writes.push({ ...tableIn(transform.table), columns: Object.keys({ ...transform.set, ...transform.undo }) });
      else writes.push(...(await this.sources.database.execution.writesOf(`${up ?? ''};\n${this.#downOf(migration).sql ?? ''}`)));
    }
    return writes;
  }

  #warnings(work: readonly Step[], restores: ListedBackup | undefined, obstacle: string | undefined): string[] {
    const warnings = transactionWarnings(work);
    if (this.options.backup === false && this.#wantsBackup(work, undefined)) {
      const undone = [...new Set(work.flatMap((step) => step.migration ?? []))];
      warnings.push(`No backup is taken: data that undoing ${listedBriefly(undone, 5)} drops, deletes or overwrites is permanently lost.`);
    }
    if (restores) {
      warnings.push('The replaced database is kept.');
      if (restores.origin === 'unrecorded') warnings.push(unrecordedDatabase(restores));
      if (obstacle !== undefined) warnings.push(`The backup is restored because ${obstacle}.`);
    }
    return warnings;
  }
}

const byDownScripts = 'Run rollback --how down, because every migration that is left has a down script.';
const byBackup = 'Run rollback --how restore, because there is a proven backup of that release.';

function tableIn(name: string): Pick<ScriptWrite, 'schema' | 'table'> {
  const at = name.lastIndexOf('.');
  return at < 0 ? { table: name } : { schema: name.slice(0, at), table: name.slice(at + 1) };
}

function impossible(to: string | null, reason: string, remedy: string): Problem {
  return { code: 'rollback-impossible', message: `The target cannot be rolled back to ${to ?? 'the empty target'}: ${reason}.`, remedy };
}
