import { isReplayable } from '../../context/replay-limits';
import { completeHistory } from '../../../databases/postgresql/inference/assume';
import { extensionsByHand } from '../../../databases/postgresql/inference/extensions-by-hand';
import type { FindOtherHistories } from '../../../databases/other-histories';
import type { Lesson } from '../../../databases/postgresql/inference/server-lessons';
import type { AssumedObject } from '../../../databases/assumed-object';
import type { PendingFailure, ScriptContext } from '../../context/context';
import type { Evidence, ParsedMigration, ReplayOptions, ProductAnalysis } from '../product-replay';
import type { ReleaseQueries } from '../../compatibility/queries/release-query';
import { planWindow, readWindow, type WindowEvidence } from '../../compatibility/window/window';
import { type Problem, ProblemError } from '../../../core/problem';
import type { Migration, MigrationDirectory, RunnerProfile } from '../../../core/scripts';
import type { Manifest } from '../../../inputs/manifest/schema';
import {
  definitionsKey,
  noKnowledge,
  type StandInKnowledge,
  type StandIns,
  standInsFor,
  usesForeignTypes,
} from '../../../databases/postgresql/inference/stand-ins';
import type {
  DatabaseError,
  ObserveOptions,
  ReplayScript,
  ReplaySession,
  ReplayStep,
  RoundTrip,
  RoutineProbe,
  Shadow,
  StatementObservation,
  StepObservation,
} from '../../../databases/observation';
import { planRoutines } from '../../../databases/postgresql/routines/routine-plan';
import { writeTargets } from '../../../databases/postgresql/sql/write-targets';
import { replayScript } from '../../../databases/postgresql/shadow/replay-script';
import type { ParsedStatement, SqlNode } from '../../../databases/postgresql/sql/statement';
import { joinedStep, pendingGroups } from '../../../databases/postgresql/inference/pending-together';
import { baselineContext, type BaselineReplay, baselineReplay } from './baseline';
import { observeWithOthers } from './elsewhere';
import { startsMidway } from '../../../databases/postgresql/inference/starts-midway';
import { postgresqlChecks } from '../../checks/postgresql/index';
import { environmentSql } from '../../project/environment';
import { withTransforms } from './transforms';

/** How PostgreSQL's migrations are analysed. */
export const postgresqlAnalysis: ProductAnalysis<SqlNode> = {
  checks: postgresqlChecks,
  async replay({ project, migrations }, options) {
    const { directory, manifest, queries } = project;
    const environment = environmentSql(directory, project.platforms, project.baseline?.text);
    const declared = project.baseline ?? (environment === '' ? undefined : { file: '', text: '' });
    const baseline = declared && baselineReplay(declared, environment);
    const startsKnown =
      directory?.layout !== 'loose' && (project.baseline !== undefined || !startsMidway(migrations.map(({ up }) => up.statements)));
    const isComplete = project.completeHistory && migrations.every(isReplayable) && startsKnown;
    const evidence = await replayHistory(
      {
        directory,
        migrations: withTransforms(migrations, manifest?.manifest),
        baseline,
        isComplete,
        startsKnown,
        releases: manifest?.manifest && queries && { manifest: manifest.manifest, queries },
        findOtherHistories: project.findOtherHistories,
      },
      { ...options, lessons: options.lessons as readonly Lesson[] | undefined },
    );
    return { ...evidence, isComplete, baseline: project.baseline && baseline && baselineContext(baseline, evidence.baseline) };
  },
};

/** A history with what is known of its start. */
interface History {
  readonly directory: MigrationDirectory | undefined;
  readonly migrations: readonly ParsedMigration[];
  readonly baseline: BaselineReplay | undefined;
  /** True when the migrations start from an empty database or from the baseline, so that nothing has to be assumed. */
  readonly isComplete: boolean;
  /** True when the first migration starts from an empty database or from the baseline, whatever is not known of later ones. */
  readonly startsKnown: boolean;
  /** Releases and what they send, where they say so. */
  readonly releases?: { readonly manifest: Manifest; readonly queries: readonly ReleaseQueries[] } | undefined;
  /** Looks for what a complete history uses and does not create; undefined where nothing is looked for. */
  readonly findOtherHistories?: FindOtherHistories<SqlNode> | undefined;
}

interface Options extends ReplayOptions {
  readonly lessons?: readonly Lesson[] | undefined;
}

/** What the shadow saw; the baseline is that of the replay. */
interface Replayed extends Omit<Evidence, 'isComplete' | 'baseline'> {
  readonly baseline: StepObservation | undefined;
}

interface MigrationStep {
  readonly parsed: ParsedMigration;
  readonly step: ReplayStep;
}

/**
 * Replays a history in the shadow: baseline, what is assumed, then the migrations. What goes before the migrations leaves no
 * observations and is not rehearsed.
 * @throws ProblemError `cancelled`
 */
export async function replayHistory(history: History, options: Options): Promise<Replayed> {
  const { directory } = history;
  const { shadow } = options;
  const run = new HistoryReplay(history, options);
  if (!shadow || !directory) return run.evidence(undefined);
  // Loose files know nothing of each other, so each is a history of its own.
  const isLoose = directory.layout === 'loose';
  const migrations = history.migrations.filter(isReplayable);
  const routines = routinesOf(migrations, history.baseline, directory);
  const session = sessionOf(directory.runner);
  const steps = migrations.map((parsed, index): MigrationStep => ({
    parsed,
    step: {
      routines: routines[index] ?? [],
      id: parsed.migration.id,
      session,
      up: replayOf(parsed.up, directory.runner),
      down: parsed.down && replayOf(parsed.down, directory.runner),
    },
  }));
  try {
    for (const chain of isLoose ? steps.map((step) => [step]) : [steps]) await run.chain(shadow, chain, !isLoose, steps.length);
    return run.evidence(undefined);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code === 'cancelled') throw error;
    return run.evidence(error.problem);
  }
}

const sessions = new Map<string, ReplaySession>();

/** The same object for the same connection, which is then recognised without being read again. */
function sessionOf({ searchPath, keepsSession }: RunnerProfile): ReplaySession | undefined {
  if (!searchPath && !keepsSession) return undefined;
  const session: ReplaySession = { searchPath, isKept: keepsSession };
  const key = JSON.stringify(session);
  const known = sessions.get(key) ?? session;
  sessions.set(key, known);
  return known;
}

/** The routines that are tried in each migration. */
function routinesOf(
  migrations: readonly ParsedMigration[],
  baseline: BaselineReplay | undefined,
  { layout, runner }: MigrationDirectory,
): RoutineProbe[][] {
  const scripts = migrations.map(({ up }) => up.statements);
  const whole = baseline ? [baseline.sent, ...scripts] : scripts;
  const planned =
    layout === 'loose' ? scripts.flatMap((each) => planRoutines([each], runner)) : planRoutines(whole, runner).slice(baseline ? 1 : 0);
  return planned.map((each) => each.map(({ statement, sql }) => ({ statement, sql })));
}

/** The baseline with its routines tried at its end. */
function baselineStep({ step, sent }: BaselineReplay): ReplayStep {
  const last = step.up.statements.length - 1;
  return { ...step, routines: (planRoutines([sent])[0] ?? []).map(({ sql }) => ({ statement: last, sql })) };
}

const replays = new WeakMap<ScriptContext, { readonly sends: RunnerProfile['sends']; readonly script: ReplayScript }>();

/** The same object for the same script, which is then recognised without being read again. */
function replayOf(context: ScriptContext, runner: RunnerProfile): ReplayScript {
  const known = replays.get(context);
  if (known?.sends === runner.sends) return known.script;
  const script = replayScript(context.script, context.statements, runner);
  replays.set(context, { sends: runner.sends, script });
  return script;
}

class HistoryReplay {
  readonly #observations = new Map<Migration, StepObservation>();
  readonly #roundTrips = new Map<Migration, RoundTrip>();
  readonly #assumed = new Map<Migration, readonly AssumedObject[]>();
  readonly #pendingFailures = new Map<Migration, PendingFailure[]>();
  readonly #lessons: Lesson[] = [];
  #baseline: StepObservation | undefined;
  #window: WindowEvidence | undefined;
  #done = 0;

  constructor(
    readonly history: History,
    readonly options: Options,
  ) {}

  evidence(problem: Problem | undefined): Replayed {
    return {
      observations: this.#observations,
      roundTrips: this.#roundTrips,
      assumed: this.#assumed,
      pendingFailures: this.#pendingFailures,
      lessons: this.#lessons,
      baseline: this.#baseline,
      window: this.#window,
      problem,
    };
  }

  async chain(shadow: Shadow, whole: readonly MigrationStep[], hasWayBack: boolean, allSteps: number): Promise<void> {
    const { options } = this;
    const last = this.history.isComplete ? whole.findIndex(({ step }) => step.id === options.upTo) : -1;
    const chain = last < 0 ? whole : whole.slice(0, last + 1);
    const rehearse = hasWayBack ? (options.rehearse ?? 'all') : 'none';
    const only = rehearse === 'all' ? new Set(chain.map(({ step }) => step.id)) : rehearse === 'none' ? undefined : rehearse;
    const observe = options.observe !== false;
    const passes = (observe ? 1 : 0) + (rehearse === 'none' ? 0 : 1);
    const steps = allSteps * passes;
    const signal = options.signal ? { signal: options.signal } : {};
    const onStep = (title: string) => () => options.onProgress?.({ step: Math.min(++this.#done, steps), steps, title });
    const own = await this.#stepsBefore(shadow, chain);
    const observing: ObserveOptions = { ...signal, rehearsing: only, onStep: onStep('Replaying migrations') };
    const standIns = await this.#standIns(shadow, chain, own, observing);
    const start = standIns?.step ? [...own, standIns.step] : own;
    const scripts = standIns?.steps ?? chain.map(({ step }) => step);
    let before = start;
    if (observe) {
      let observed: readonly StepObservation[] = [];
      const observeAfter = async (step: ReplayStep | undefined) => {
        before = step ? [...start, step] : start;
        observed = await shadow.observe([...before, ...scripts], observing);
        return observed.slice(before.length);
      };
      await this.#observeWithOthers(observeAfter);
      if (this.history.baseline) this.#baseline = observed[0];
      const isSound = !this.history.baseline || baselineContext(this.history.baseline, observed[0]).failures.length === 0;
      chain.forEach(({ parsed }, index) => {
        const replayed = observed[before.length + index];
        if (!replayed) return;
        const observation = { ...replayed, statements: inOriginalText(replayed.statements, parsed.up.statements) };
        const seen =
          isSound && before.length > 0 ? withoutBlame(observation, observed.slice(before.length, before.length + index)) : observation;
        this.#observations.set(parsed.migration, withErrors(seen, standIns?.errors[index]));
      });
    }
    const sent = chain.map(({ parsed, step }, index): MigrationStep => ({ parsed, step: scripts[index] ?? step }));
    if (observe) await this.#tryTogether(shadow, sent, before);
    if (observe) await this.#tryQueries(shadow, sent, before);
    if (!only) return;
    const trips = await shadow.rehearse([...before, ...scripts], { ...signal, only, onStep: onStep('Rehearsing rollbacks') });
    const byId = new Map(chain.map(({ parsed }) => [parsed.migration.id, parsed.migration]));
    for (const trip of trips) {
      const migration = byId.get(trip.id);
      const isUnknown = trip.failure && standIns?.isOfLacked(trip.failure.error);
      if (migration && !isUnknown) this.#roundTrips.set(migration, trip);
    }
  }

  /** Replays a complete history with what it takes from others, any other history as it is. */
  async #observeWithOthers(observe: (step: ReplayStep | undefined) => Promise<readonly StepObservation[]>): Promise<void> {
    const { isComplete, findOtherHistories, migrations, baseline, directory } = this.history;
    if (!isComplete || !findOtherHistories) return void (await observe(undefined));
    const { assumed, lessons } = await observeWithOthers({
      scripts: migrations.map(({ up }) => up.statements),
      baseline: baseline?.statements ?? [],
      session: directory && sessionOf(directory.runner),
      lessons: this.options.lessons ?? [],
      find: findOtherHistories,
      observe,
    });
    migrations.forEach(({ migration }, index) => {
      const known = this.#assumed.get(migration);
      if (known) this.#assumed.set(migration, [...known, ...(assumed[index] ?? [])]);
    });
    this.#lessons.push(...lessons);
  }

  /** Replays migrations in one transaction that may have to share one. */
  async #tryTogether(shadow: Shadow, chain: readonly MigrationStep[], before: readonly ReplayStep[]): Promise<void> {
    if (this.history.directory?.runner.pendingInOneTransaction !== true) return;
    const steps = chain.map(({ parsed, step }) => ({ statements: parsed.up.statements, step }));
    const signal = this.options.signal ? { signal: this.options.signal } : {};
    for (const { first, last } of pendingGroups(steps)) {
      const earlier = chain.slice(0, first).map(({ step }) => step);
      const observed = await shadow.observe([...before, ...earlier, joinedStep(steps, { first, last })], signal);
      const seen = observed.at(-1)?.statements ?? [];
      let offset = 0;
      for (const { parsed, step } of chain.slice(first, last + 1)) {
        const own = inOriginalText(seen.slice(offset, offset + step.up.statements.length), parsed.up.statements);
        offset += step.up.statements.length;
        const found = own.flatMap(({ error }, statement) => {
          const alone = this.#observations.get(parsed.migration)?.statements[statement]?.error;
          return error?.sqlstate === '55P04' && !alone ? [{ statement, error, with: steps[first]?.step.id ?? '' }] : [];
        });
        const known = this.#pendingFailures.get(parsed.migration) ?? [];
        this.#pendingFailures.set(parsed.migration, [...known, ...found]);
      }
    }
  }

  async #tryQueries(shadow: Shadow, chain: readonly MigrationStep[], before: readonly ReplayStep[]): Promise<void> {
    const { releases } = this.history;
    if (!releases || releases.queries.length === 0 || !shadow.probe) return;
    const steps = chain.map(({ parsed }) => ({ id: parsed.migration.id, release: parsed.release }));
    const plan = planWindow(releases.manifest, releases.queries, steps, writeTargets);
    const moved = <T>(byStep: ReadonlyMap<number, T>, by: number) => new Map([...byStep].map(([step, value]) => [step + by, value]));
    const replay = [...before, ...chain.map(({ step }) => step)];
    const signal = this.options.signal ? { signal: this.options.signal } : {};
    const probes = await shadow.probe(replay, moved(plan.probes, before.length), signal);
    this.#window = readWindow(plan, moved(probes, -before.length), steps);
  }

  /** What stands in for extensions that the shadow's server does not have; undefined where nothing has to. */
  async #standIns(
    shadow: Shadow,
    chain: readonly MigrationStep[],
    before: readonly ReplayStep[],
    observing: ObserveOptions,
  ): Promise<StandIns | undefined> {
    const sql = (context: ScriptContext | undefined) => context?.statements.filter(({ kind }) => kind === 'sql') ?? [];
    const scripts = chain.map(({ parsed, step }) => ({ step, up: sql(parsed.up), down: sql(parsed.down) }));
    const knowledge = knowledgeOf(shadow, definitionsKey(scripts));
    // Most scripts lack nothing, and what is seen of them is then seen for good.
    let { rehearsing } = usesForeignTypes(scripts) ? { rehearsing: undefined } : observing;
    return standInsFor(scripts, knowledge, async (more, steps) => {
      const observed = await shadow.observe([...before, ...more, ...steps], { ...observing, rehearsing });
      rehearsing = undefined;
      return observed.slice(before.length + more.length);
    });
  }

  /** The baseline, and what has to be assumed for the chain. */
  async #stepsBefore(shadow: Shadow, chain: readonly MigrationStep[]): Promise<ReplayStep[]> {
    const { baseline, isComplete, startsKnown } = this.history;
    const start = baseline ? [baselineStep(baseline)] : [];
    if (chain.length === 0) return start;
    const signal = this.options.signal ? { signal: this.options.signal } : {};
    const completed = await (isComplete ? extensionsByHand : completeHistory)({
      baseline: baseline && { ...baseline, step: baselineStep(baseline) },
      scripts: chain.map(({ parsed, step }) => ({ statements: parsed.up.statements, step })),
      startsKnown,
      lessons: this.options.lessons ?? [],
      searchPath: this.history.directory?.runner.searchPath,
      observe: (steps) => shadow.observe(steps, signal),
    });
    chain.forEach(({ parsed }, index) => this.#assumed.set(parsed.migration, completed.assumed[index] ?? []));
    this.#lessons.push(...completed.lessons);
    return completed.step ? [...start, completed.step] : start;
  }
}

/** What was found out of the statements that a shadow replays; most are the same the next time. */
const standInKnowledge = new WeakMap<Shadow, Map<string, StandInKnowledge>>();
const mostKnowledge = 8;

function knowledgeOf(shadow: Shadow, key: string): StandInKnowledge {
  const all = standInKnowledge.get(shadow) ?? new Map<string, StandInKnowledge>();
  standInKnowledge.set(shadow, all);
  const known = all.get(key) ?? noKnowledge();
  all.delete(key);
  all.set(key, known);
  for (const oldest of all.keys()) if (all.size > mostKnowledge) all.delete(oldest);
  return known;
}

/** Says of statements that were left out what the server says of them. */
function withErrors(observation: StepObservation, errors: ReadonlyMap<number, DatabaseError> | undefined): StepObservation {
  if (!errors || errors.size === 0) return observation;
  const statements = observation.statements.map((each, index) => {
    const error = errors.get(index);
    return error ? { ...each, error: { ...error, gaveUp: 'lacked' as const }, locksKnown: false } : each;
  });
  return { ...observation, statements };
}

/** What went before the migrations is no migration: its failures are told elsewhere. */
function withoutBlame(observation: StepObservation, earlier: readonly StepObservation[]): StepObservation {
  const afterFailure = earlier.some(({ statements }) => statements.some(({ error }) => error !== undefined && error.gaveUp !== 'refused'));
  return { ...observation, afterFailure };
}

/** Errors with their place in the statements as they are written, where the server was sent others: see `ParsedStatement.sent`. */
function inOriginalText(
  observed: readonly StatementObservation[],
  statements: readonly ParsedStatement[],
): readonly StatementObservation[] {
  if (!statements.some(({ sent }) => sent)) return observed;
  const sent = statements.filter(({ kind }) => kind === 'sql');
  const moved = (index: number, error: DatabaseError | undefined) =>
    error?.offset === undefined ? error : { ...error, offset: sent[index]?.sent?.toOriginal(error.offset) ?? error.offset };
  return observed.map((each, index) => {
    const [error, rowsError] = [moved(index, each.error), moved(index, each.rowsError)];
    return { ...each, error, rowsError };
  });
}
