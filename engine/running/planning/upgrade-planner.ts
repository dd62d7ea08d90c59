import { coerce, gt, satisfies } from 'semver';
import { VersionTracker } from '../journal/version-tracker';
import { ProblemError, type Problem } from '../../core/problem';
import { ended, lastOrdinal, type JournalState, type OpenRun } from '../journal/journal-state';
import type { Drifted } from '../../databases/fact';
import type { Release } from '../../inputs/manifest/schema';
import { releaseGraph, type ReleaseGraph } from '../../inputs/releases/graph';
import type { ReleasePath } from '../../inputs/releases/upgrade-paths';
import { minimumReader } from './minimum-reader';
import type { PlanStep } from '../plan';
import { driftOf, lossesOf, sealPlan, transactionWarnings } from './plan-building';
import { shown, type PlannedRun, type Step } from './planned-run';
import { journaled } from '../journal/journaled';
import { scriptText, type SourceMigration, type UpgradeSources } from '../../inputs/sources';
import { backupStep, wantsBackup } from '../steps/backup';
import { checkStep } from '../steps/check';
import { releaseStep } from '../steps/release';
import { cutScript, scriptSteps, sessionDetail } from '../steps/script';
import { transformStep } from '../steps/transform';
import { verifyCheckStep } from '../steps/verify';

/** What a planner knows of the target. */
export interface TargetFacts {
  readonly name: string;
  readonly description: string;
  readonly protected: boolean;
  readonly serverVersion: string;
  readonly journal: JournalState;
}

export interface UpgradeOptions {
  /** The release to reach. Default: that of an interrupted run, else the newest. */
  readonly to?: string;
  /** Plans one migration only; it must be the next one. */
  readonly migration?: string;
  /** Names of risks, ids of late migrations, and answers about steps nobody can prove, that a person accepted. */
  readonly accept?: readonly string[];
  /** True: always take a backup; false: never. Default: when the target is protected or something cannot be undone. */
  readonly backup?: boolean;
  readonly nodeVersion: string;
  /** Sentences for the plan's warnings that somebody else found out. */
  readonly notes?: readonly string[];
  /** Changes of the schema outside the journal. */
  readonly drift?: readonly Drifted[];
}

/** Makes plans. The same sources, target and options give the same plan with the same id. */
export class UpgradePlanner {
  /**
   * @throws ProblemError `release-unknown`, `target-newer`, `no-path`, `path-blocked`, `requirement-unmet`, `migration-edited`,
   * `migration-missing`, `migration-not-next`, `run-interrupted`, `plan-invalid`.
   */
  createPlan(sources: UpgradeSources, target: TargetFacts, options: UpgradeOptions): Promise<PlannedRun> {
    return new Planning(sources, target, options).plan();
  }
}

class Planning {
  readonly #journal: JournalState;
  readonly #graph: ReleaseGraph;
  /** An upgrade that is to be gone on with. */
  readonly #openRun: OpenRun | undefined;
  readonly #done: ReadonlyMap<string, string | undefined>;
  readonly #accept: ReadonlySet<string>;

  constructor(
    private readonly sources: UpgradeSources,
    private readonly target: TargetFacts,
    private readonly options: UpgradeOptions,
  ) {
    this.#journal = target.journal;
    this.#graph = releaseGraph(sources.manifest);
    this.#openRun = target.journal.openRun?.direction === 'upgrade' ? target.journal.openRun : undefined;
    this.#done = new Map((this.#openRun?.steps ?? []).filter((s) => s.state === 'done').map((s) => [s.id, s.hash]));
    this.#accept = new Set(options.accept ?? []);
  }

  async plan(): Promise<PlannedRun> {
    const { manifest } = this.sources;
    const from = new VersionTracker(this.#journal).currentRelease;
    this.#refuseForeignRun();
    if (from !== null) this.#requireKnown(from);
    this.#requireUnedited();
    const single = this.#singleMigration();
    const to = single ? this.#releaseAfter(single) : this.#destination();
    const path = this.#path(from, to);
    const passes = path.passes.filter((version) => !this.#isReached(version));
    const pending = this.#pending(passes);
    if (single) this.#requireNext(single, pending);
    const chosen = single ? pending.filter((migration) => migration.id === single) : pending;
    for (const version of path.releases) this.#requireRuntime(this.#release(version));

    const steps: Step[] = [];
    let minReader = this.#journal.releases.at(-1)?.minReader;
    const late = chosen.filter((migration) => !passes.includes(migration.release));
    for (const migration of late) steps.push(...(await this.#migrationSteps(migration)));
    for (const version of passes) {
      const release = this.#release(version);
      const isStop = path.releases.includes(version);
      const own = chosen.filter((migration) => migration.release === version);
      const completes = pending.filter((migration) => migration.release === version).length === own.length;
      if (isStop && (own.length > 0 || completes)) steps.push(...this.#checkSteps(release));
      for (const migration of own) steps.push(...(await this.#migrationSteps(migration)));
      if (completes && isStop) steps.push(...release.checks.after.map((check, index) => verifyCheckStep(version, check, index)));
      if (completes) {
        minReader = minimumReader(manifest, version, minReader);
        steps.push(releaseStep(version, isStop, { rollback: release.rollback, minReader }));
      }
      if (single && own.length > 0) break;
    }
    const reached = steps.filter((step) => step.kind === 'release').map((step) => step.release);
    const withBackup = this.#withBackup(steps, from);
    const plan = sealPlan({
      direction: 'upgrade',
      system: manifest.system,
      target: this.target.name,
      targetDescription: this.target.description,
      protected: this.target.protected,
      from,
      to: reached.at(-1) ?? from,
      releases: reached,
      steps: withBackup.map(shown),
      losses: await lossesOf(withBackup, this.sources.database.execution),
      drift: driftOf(this.options.drift, this.#openRun),
      warnings: [...path.warnings, ...(this.options.notes ?? []), ...this.#warnings(withBackup, reached)],
      basis: { manifest: this.sources.manifestHash, migrations: this.sources.migrationsHash, journal: this.#journal.head },
    });
    return { plan, steps: withBackup, boundary: lastOrdinal(this.#journal) };
  }

  #destination(): string {
    const to = this.options.to ?? this.#openRun?.to ?? this.#graph.newest?.version ?? '';
    return this.#graph.find(to)?.version ?? to;
  }

  #isReached(version: string): boolean {
    return this.#journal.releases.some((reached) => reached.release === version);
  }

  #refuseForeignRun(): void {
    const run = this.#journal.openRun;
    if (!run) return;
    if (run.direction === 'rollback') {
      if (this.#journal.migrations.every((migration) => migration.state === 'applied')) return;
      throw new ProblemError(interrupted(run, 'Roll back again to finish it.'));
    }
    const sameDestination = this.options.to === undefined || this.options.to === run.to;
    const sameMigration = this.options.migration === undefined || run.plan.steps.some((s) => s.migration === this.options.migration);
    if (!sameDestination || !sameMigration) {
      throw new ProblemError(interrupted(run, `Resume it${run.to === null ? '' : ` by applying to ${run.to}`}, or roll it back.`));
    }
  }

  #requireKnown(from: string): void {
    if (this.#graph.find(from)) return;
    const newest = this.#graph.newest?.version ?? '';
    const newer = coerce(from) !== null && coerce(newest) !== null && gt(coerce(from) ?? '', coerce(newest) ?? '');
    throw new ProblemError({
      code: newer ? 'target-newer' : 'release-unknown',
      message: `The target is at release ${from}, which the manifest does not list${newer ? `; its newest release is ${newest}` : ''}.`,
      remedy: newer ? 'Use a manifest that lists that release, or roll the target back.' : 'Add the release to the manifest.',
      file: this.sources.manifestPath,
    });
  }

  #requireUnedited(): void {
    for (const stored of this.#journal.migrations) {
      const source = this.sources.migrations.find((migration) => migration.id === stored.id);
      if (!source) {
        throw new ProblemError({
          code: 'migration-missing',
          message: `Migration ${stored.id} of release ${stored.release} is applied to the target, but the manifest does not list it.`,
          remedy: 'Add it to the manifest again, or roll the target back to a release before it.',
          file: this.sources.manifestPath,
        });
      }
      if (stored.hash !== source.hash && (stored.state === 'applied' || stored.kind === 'transform')) {
        throw new ProblemError(edited(stored.id, stored.release, source.script?.up.file ?? this.sources.manifestPath));
      }
    }
  }

  /** The one migration to plan: the option, or that of an interrupted run of one migration. */
  #singleMigration(): string | undefined {
    if (this.options.migration !== undefined) {
      if (this.sources.migrations.some((migration) => migration.id === this.options.migration)) return this.options.migration;
      throw new ProblemError({
        code: 'migration-missing',
        message: `The manifest has no migration ${this.options.migration}.`,
        remedy: 'Use the name of the migration as written in the manifest.',
        file: this.sources.manifestPath,
      });
    }
    const run = this.#openRun;
    if (!run || this.options.to !== undefined || run.plan.steps.some((step) => step.kind === 'release')) return undefined;
    return run.plan.steps.find((step) => step.migration !== undefined)?.migration;
  }

  #releaseAfter(migration: string): string {
    return this.sources.migrations.find((candidate) => candidate.id === migration)?.release ?? '';
  }

  /** The way from where the run began: a resumed run may stand at a release that was only passed. */
  #path(from: string | null, to: string): ReleasePath {
    if (from === to) return { releases: [], passes: [], warnings: [] };
    const path = this.#graph.path(this.#openRun ? this.#openRun.from : from, to, { accept: [...this.#accept] });
    if (!path.ok) throw new ProblemError({ ...path.problem, file: path.problem.file ?? this.sources.manifestPath });
    return path.value;
  }

  #pending(passes: readonly string[]): SourceMigration[] {
    const state = new Map(this.#journal.migrations.map((migration) => [migration.id, migration.state]));
    const waiting = this.sources.migrations.filter((migration) => state.get(migration.id) !== 'applied');
    const late = waiting.filter((migration) => this.#isReached(migration.release));
    const refused = late.find((migration) => !this.#accept.has(migration.id) && !state.has(migration.id));
    if (refused) {
      throw new ProblemError({
        code: 'path-blocked',
        message: `The manifest lists migration ${refused.id} under release ${refused.release}, but the target reached that release without it.`,
        remedy: `List it under a newer release, or run apply --accept ${refused.id} to apply it now, out of order.`,
        file: refused.script?.up.file ?? this.sources.manifestPath,
      });
    }
    const inOrder = passes.flatMap((version) => waiting.filter((migration) => migration.release === version));
    return [...late, ...inOrder];
  }

  #requireNext(single: string, pending: readonly SourceMigration[]): void {
    const next = pending[0];
    if (next?.id === single) return;
    const applied = this.#journal.migrations.some((migration) => migration.id === single && migration.state === 'applied');
    throw new ProblemError({
      code: 'migration-not-next',
      message: applied
        ? `Migration ${single} is already applied.`
        : `Migration ${single} is not next: ${next?.id ?? 'nothing'} of release ${next?.release ?? ''} comes first.`,
      remedy: applied ? 'Choose a pending migration.' : `Apply ${next?.id ?? ''} first, or apply the whole release.`,
    });
  }

  #requireRuntime(release: Release): void {
    const found: Record<string, string> = { postgresql: this.target.serverVersion, node: this.options.nodeVersion };
    for (const [runtime, range] of Object.entries(release.requires)) {
      const version = found[runtime];
      if (version === undefined || satisfies(coerce(version) ?? '0.0.0', range)) continue;
      throw new ProblemError({
        code: 'requirement-unmet',
        message: `Release ${release.version} requires ${runtime} ${range}, but found ${version}.`,
        remedy: `Upgrade ${runtime} first.`,
        file: this.sources.manifestPath,
      });
    }
  }

  #release(version: string): Release {
    const release = this.sources.manifest.releases.find((candidate) => candidate.version === version);
    if (!release) throw new Error(`release ${version} is not in the manifest`);
    return release;
  }

  #checkSteps(release: Release): Step[] {
    return release.checks.before.map((check, index) => checkStep(release.version, check, index)).filter((step) => !this.#done.has(step.id));
  }

  async #migrationSteps(migration: SourceMigration): Promise<Step[]> {
    const irreversible = irreversibleReason(migration);
    const store = journaled(migration, this.sources.directory);
    if (migration.transform) return [transformStep(store, migration.transform, irreversible)];
    const script = migration.script;
    if (!script) throw new Error(`migration ${migration.id} has neither script nor transform`);
    const units = await cutScript(
      {
        id: migration.id,
        release: migration.release,
        direction: 'up',
        sql: scriptText(script.up),
        source: script.up,
        irreversible,
      },
      this.sources.database.execution,
      { transaction: script.up.transaction, sends: this.sources.directory?.runner.sends ?? 'whole' },
    );
    return scriptSteps(this.#withoutDone(units, migration), { store });
  }

  /** Leaves out the statements of a half applied migration that are done, and refuses when one of those was edited since. */
  #withoutDone<S extends PlanStep>(steps: readonly S[], migration: SourceMigration): readonly S[] {
    const state = this.#journal.migrations.find((stored) => stored.id === migration.id)?.state;
    if (state !== 'partial') return steps;
    const ids = new Set(steps.map((step) => step.id));
    const doneSteps = (this.#openRun?.steps ?? []).filter(
      (s) => s.migration === migration.id && s.direction === 'up' && s.state === 'done',
    );
    const changed =
      doneSteps.find((done) => !ids.has(done.id)) ?? steps.find((step) => this.#done.has(step.id) && this.#done.get(step.id) !== step.hash);
    if (changed) throw new ProblemError(edited(migration.id, migration.release, migration.script?.up.file ?? ''));
    return steps.filter((step) => step.detail === sessionDetail || !this.#done.has(step.id));
  }

  #withBackup(steps: readonly Step[], from: string | null): readonly Step[] {
    const id = `${from ?? 'empty'}/backup`;
    const changes = steps.some((step) => step.migration !== undefined);
    if (!changes || this.#done.has(id) || !wantsBackup(steps, this.target.protected, this.options.backup)) return steps;
    const at = steps.findIndex((step) => step.kind !== 'check');
    const backup = backupStep(id, from, new VersionTracker(this.#journal).content, 'up');
    return [...steps.slice(0, at), backup, ...steps.slice(at)];
  }

  #warnings(steps: readonly PlanStep[], releases: readonly string[]): string[] {
    const warnings = [...transactionWarnings(steps), ...leftOut(this.sources)];
    if (this.options.backup === false && wantsBackup(steps, this.target.protected, undefined)) {
      warnings.push('No backup is taken: changes that no down script can undo are permanent.');
    }
    for (const version of releases) {
      const release = this.#release(version);
      const unchecked = Object.keys(release.requires).filter((runtime) => runtime !== 'postgresql' && runtime !== 'node');
      for (const runtime of unchecked) {
        warnings.push(`Release ${version} requires ${runtime} ${String(release.requires[runtime])}, which cannot be verified from here.`);
      }
      if (typeof release.rollback === 'object') warnings.push(`Release ${version} cannot be rolled back: ${release.rollback.none}`);
      if (release.rollback === 'restore') warnings.push(`Release ${version} is rolled back by restoring the backup.`);
      if (release.notes !== undefined) warnings.push(`Note on release ${version}: ${release.notes}`);
    }
    return warnings;
  }
}

function irreversibleReason(migration: SourceMigration): string | undefined {
  if (migration.irreversible !== undefined) return migration.irreversible;
  if (migration.transform) return migration.transform.undo ? undefined : 'The transform has no undo.';
  return migration.script?.down ? undefined : 'The migration has no down script.';
}

function edited(id: string, release: string, file: string): Problem {
  return {
    code: 'migration-edited',
    message: `Migration ${id} of release ${release} was changed after it was applied to the target.`,
    remedy: 'Revert the script, and make the change in a new migration.',
    file,
  };
}

function interrupted(run: OpenRun, remedy: string): Problem {
  return {
    code: 'run-interrupted',
    message: `A previous ${run.direction} from ${run.from ?? 'empty'} to ${run.to ?? 'empty'} ${ended(run)} on this target.`,
    remedy,
  };
}

/** Repeatable scripts do not belong to a release; only their tool runs them. */
function leftOut({ directory, migrations }: UpgradeSources): string[] {
  const listed = new Set(migrations.map(({ id }) => id));
  const names = (directory?.migrations ?? []).filter(({ id, repeatable }) => repeatable && !listed.has(id)).map(({ id }) => id);
  if (names.length === 0) return [];
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return [`Repeatable scripts are not run: ${shown.join(', ')}. Run them with Flyway, or list them under a release.`];
}
