import type { Check, MigrationContext, ProjectContext, ScriptContext } from '../checks/check';
import { checks as allChecks } from '../checks/index';
import { runChecks } from '../checks/run-checks';
import { isTooLargeToReplay } from '../checks/script-too-large';
import type { Finding } from '../core/finding';
import type { ReportProgress } from '../core/host';
import { type Problem, ProblemError } from '../core/problem';
import type { Migration, Script } from '../layouts/migration';
import { referencedId } from '../manifest/schema';
import type { ReplayStep, RoundTrip, Shadow, StepObservation } from '../shadow/observation';
import { replayScript } from '../shadow/replay-script';
import { loadSqlParser, parseStatements } from '../sql/parser';
import type { Project } from './project';

export interface AnalysisOptions {
  /** Without one, only what needs no database is checked and findings are not verified. */
  readonly shadow?: Shadow;
  /** False: nothing is observed statement by statement, for callers that want round trips alone. Default true. */
  readonly observe?: boolean;
  /** Which migrations are run up, down and up again: all of them (default), none, or those with these ids. */
  readonly rehearse?: 'all' | 'none' | ReadonlySet<string>;
  /** An earlier analysis of the same project: round trips of migrations whose scripts did not change are taken from it. */
  readonly previous?: Analysis;
  readonly checks?: readonly Check[];
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

export interface Analysis {
  readonly context: ProjectContext;
  readonly findings: readonly Finding[];
  /** Why the shadow could not be used although there is one; the findings are then not verified. */
  readonly shadowProblem: Problem | undefined;
}

/**
 * Parses, replays and checks a project. The one way to findings for editor, command line and run.
 * @throws ProblemError `cancelled`
 */
export async function analyse(project: Project, options: AnalysisOptions = {}): Promise<Analysis> {
  await loadSqlParser();
  const migrations = orderedMigrations(project);
  const parsed = migrations.map(({ migration, release }) => ({
    migration,
    release,
    up: parseScript(migration.up),
    down: migration.down && parseScript(migration.down),
  }));
  const evidence = await gatherEvidence(project, parsed, options);
  const chain: MigrationContext[] = parsed.map((each) => ({
    ...each,
    observation: evidence.observations.get(each.migration),
    roundTrip: evidence.roundTrips.get(each.migration) ?? earlierRoundTrip(each.migration, options.previous),
    assumed: [],
  }));
  const context: ProjectContext = {
    manifest: project.manifest,
    directory: project.directory,
    chain,
    minimum: project.minimum,
    completeHistory: project.completeHistory && parsed.every(isReplayable),
    statistics: project.statistics,
  };
  return { context, findings: runChecks(context, options.checks ?? allChecks, project.configuration), shadowProblem: evidence.problem };
}

/** Every migration with its release: the manifest's order, then unreferenced ones in the directory's order. */
export function orderedMigrations(project: Project): { migration: Migration; release: string | undefined }[] {
  const byId = new Map(project.directory?.migrations.map((migration) => [migration.id, migration]));
  const ordered: { migration: Migration; release: string | undefined }[] = [];
  for (const release of project.manifest?.manifest?.releases ?? []) {
    for (const reference of release.migrations) {
      const migration = byId.get(referencedId(reference));
      if (!migration) continue;
      ordered.push({ migration, release: release.version });
      byId.delete(migration.id);
    }
  }
  for (const migration of byId.values()) ordered.push({ migration, release: undefined });
  return ordered;
}

function earlierRoundTrip(migration: Migration, previous: Analysis | undefined): RoundTrip | undefined {
  const earlier = previous?.context.chain.find((each) => each.migration.id === migration.id);
  const isSame = earlier?.migration.up.sql === migration.up.sql && earlier.migration.down?.sql === migration.down?.sql;
  return isSame ? earlier?.roundTrip : undefined;
}

function parseScript(script: Script): ScriptContext {
  return { script, statements: parseStatements(script.sql) };
}

interface Parsed {
  readonly migration: Migration;
  readonly release: string | undefined;
  readonly up: ScriptContext;
  readonly down: ScriptContext | undefined;
}

function isReplayable({ up, down }: Parsed): boolean {
  return !isTooLargeToReplay(up) && !(down && isTooLargeToReplay(down));
}

interface Evidence {
  readonly observations: Map<Migration, StepObservation>;
  readonly roundTrips: Map<Migration, RoundTrip>;
  readonly problem: Problem | undefined;
}

async function gatherEvidence(project: Project, parsed: readonly Parsed[], options: AnalysisOptions): Promise<Evidence> {
  const observations = new Map<Migration, StepObservation>();
  const roundTrips = new Map<Migration, RoundTrip>();
  const { directory } = project;
  const { shadow } = options;
  if (!shadow || !directory) return { observations, roundTrips, problem: undefined };
  const steps = parsed.filter(isReplayable).map(({ migration, up, down }) => ({
    migration,
    step: {
      id: migration.id,
      up: replayScript(up.script, up.statements, directory.runner),
      ...(down ? { down: replayScript(down.script, down.statements, directory.runner) } : {}),
    } satisfies ReplayStep,
  }));
  // Loose files know nothing of each other, so each is a history of its own.
  const isLoose = directory.layout === 'loose';
  const chains = isLoose ? steps.map((step) => [step]) : [steps];
  const rehearse = options.rehearse ?? 'all';
  const passes = (options.observe === false ? 0 : 1) + (rehearse === 'none' ? 0 : 1);
  const stepCount = steps.length * passes;
  let done = 0;
  const onStep = (title: string) => () => options.onProgress?.({ step: Math.min(++done, stepCount), steps: stepCount, title });
  const base = options.signal ? { signal: options.signal } : {};
  try {
    for (const chain of chains) {
      const replay = chain.map(({ step }) => step);
      const observed = options.observe === false ? [] : await shadow.observe(replay, { ...base, onStep: onStep('Replaying migrations') });
      chain.forEach(({ migration }, index) => {
        const observation = observed[index];
        if (observation) observations.set(migration, observation);
      });
      if (rehearse === 'none' || isLoose) continue;
      const only = rehearse === 'all' ? {} : { only: rehearse };
      const trips = await shadow.rehearse(replay, { ...base, ...only, onStep: onStep('Rehearsing rollbacks') });
      const byId = new Map(chain.map(({ migration }) => [migration.id, migration]));
      for (const trip of trips) {
        const migration = byId.get(trip.id);
        if (migration) roundTrips.set(migration, trip);
      }
    }
    return { observations, roundTrips, problem: undefined };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code === 'cancelled') throw error;
    return { observations, roundTrips, problem: error.problem };
  }
}
