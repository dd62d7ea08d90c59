import { startsMidway } from '../assumptions/starts-midway';
import type { Lesson } from '../assumptions/server-lessons';
import type { Check, MigrationContext, ProjectContext, ScriptContext } from '../checks/check';
import { checks as allChecks } from '../checks/index';
import { runChecks } from '../checks/run-checks';
import type { Finding } from '../core/finding';
import type { ReportProgress } from '../core/host';
import type { Problem } from '../core/problem';
import type { Migration, Script } from '../layouts/migration';
import { referencedId } from '../manifest/schema';
import type { RoundTrip, Shadow } from '../shadow/observation';
import { loadSqlParser, parseStatements } from '../sql/parser';
import { baselineContext, baselineReplay } from './baseline';
import type { Project } from './project';
import { isReplayable, replayHistory } from './replay-history';

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
  /** What the shadow taught of things that the scripts take for granted; the next analysis begins with it. */
  readonly lessons: readonly Lesson[];
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
  const baseline = project.baseline && baselineReplay(project.baseline);
  const replayable = parsed.filter(isReplayable);
  const isComplete =
    project.completeHistory &&
    replayable.length === parsed.length &&
    (baseline !== undefined || !startsMidway(parsed.map(({ up }) => up.statements)));
  const evidence = await replayHistory(
    { directory: project.directory, migrations: parsed, baseline, isComplete },
    { ...options, lessons: options.previous?.lessons },
  );
  const chain: MigrationContext[] = parsed.map((each) => ({
    ...each,
    observation: evidence.observations.get(each.migration),
    roundTrip: evidence.roundTrips.get(each.migration) ?? earlierRoundTrip(each.migration, options.previous),
    assumed: evidence.assumed.get(each.migration) ?? [],
  }));
  const context: ProjectContext = {
    manifest: project.manifest,
    directory: project.directory,
    chain,
    minimum: project.minimum,
    completeHistory: isComplete,
    statistics: project.statistics,
    baseline: baseline && baselineContext(baseline, evidence.baseline),
  };
  return {
    context,
    findings: runChecks(context, options.checks ?? allChecks, project.configuration),
    shadowProblem: evidence.problem,
    lessons: evidence.lessons,
  };
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
