import { startsMidway } from '../../databases/postgresql/inference/starts-midway';
import type { Lesson } from '../../databases/postgresql/inference/server-lessons';
import type { Check } from '../checks/check';
import type { MigrationContext, MigrationWindow, ProjectContext } from '../context/context';
import { checks as allChecks } from '../checks/registry/index';
import { type FindingMemory, runChecks } from '../checks/runner/run-checks';
import { compareReleases } from '../compatibility/apis/compare-releases';
import type { WindowEvidence } from '../compatibility/window/window';
import type { Finding } from '../../core/finding';
import type { ReportProgress } from '../../core/host';
import type { Problem } from '../../core/problem';
import type { Migration } from '../../core/scripts';
import { referencedId } from '../../inputs/manifest/schema';
import type { RoundTrip, Shadow } from '../../databases/observation';
import { loadSqlParser } from '../../databases/postgresql/sql/parser';
import { baselineContext, baselineReplay } from '../project/baseline';
import { environmentSql } from '../project/environment';
import { withEvidentTransactions } from './evident-transaction';
import { isSentAlike, keepUnchanged, parsedScript, settingsOf } from './keep-unchanged';
import type { Project } from '../project/project';
import { withTransforms } from './transforms';
import { isReplayable, type ParsedMigration, replayHistory } from './replay-history';

export interface AnalysisOptions {
  /** Without one, only what needs no database is checked and findings are not verified. */
  readonly shadow?: Shadow;
  /** False: nothing is observed statement by statement, for callers that want round trips alone. Default true. */
  readonly observe?: boolean;
  /** Which migrations are run up, down and up again: all of them (default), none, or those with these ids. */
  readonly rehearse?: 'all' | 'none' | ReadonlySet<string>;
  /**
   * The id of the migration that somebody types in: for all others stands what `previous` saw and found, where nothing but
   * migrations changed since. For an answer at once in a long history.
   */
  readonly focus?: string;
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
  /** Everything but the migrations that the findings depend on; while it is the same, `memory` holds for the next analysis. */
  readonly settings: string;
  readonly memory: FindingMemory;
}

/**
 * Parses, replays and checks a project. The one way to findings for editor, command line and run.
 * @throws ProblemError `cancelled`
 */
export async function analyse(whole: Project, options: AnalysisOptions = {}): Promise<Analysis> {
  await loadSqlParser();
  const project = withoutGuessedRunner(checkedPart(whole));
  const migrations = orderedMigrations(project);
  const { previous } = options;
  const settings = settingsOf(project);
  const before = new Map(previous?.context.chain.map((each) => [each.migration.id, each]));
  const parsed = migrations.map(({ migration, release }) => ({
    migration,
    release,
    up: parsedScript(migration.up, before.get(migration.id)?.up),
    down: migration.down && parsedScript(migration.down, before.get(migration.id)?.down),
  }));
  const environment = environmentSql(project.directory, project.platforms, project.baseline?.text);
  const declared = project.baseline ?? (environment === '' ? undefined : { file: '', text: '' });
  const baseline = declared && baselineReplay(declared, environment);
  const replayable = parsed.filter(isReplayable);
  const startsKnown =
    project.directory?.layout !== 'loose' && (project.baseline !== undefined || !startsMidway(parsed.map(({ up }) => up.statements)));
  const isComplete = project.completeHistory && replayable.length === parsed.length && startsKnown;
  const evidence = await replayHistory(
    {
      directory: project.directory,
      migrations: withTransforms(parsed, project.manifest?.manifest),
      baseline,
      isComplete,
      startsKnown,
      releases: releasesOf(project),
      findOtherHistories: project.findOtherHistories,
    },
    { ...options, upTo: options.focus, lessons: options.previous?.lessons },
  );
  const found: MigrationContext[] = parsed.map((each) => ({
    ...each,
    observation:
      evidence.observations.get(each.migration) ?? (options.focus === undefined ? undefined : before.get(each.migration.id)?.observation),
    roundTrip: evidence.roundTrips.get(each.migration) ?? earlierRoundTrip(each, before.get(each.migration.id)),
    assumed: evidence.assumed.get(each.migration) ?? [],
    pendingFailures:
      evidence.pendingFailures.get(each.migration) ??
      (options.focus === undefined ? undefined : before.get(each.migration.id)?.pendingFailures),
    window:
      windowOf(each.migration.id, evidence.window) ?? (options.focus === undefined ? undefined : before.get(each.migration.id)?.window),
  }));
  const isSameProject = previous?.settings === settings && previous.context.completeHistory === isComplete;
  const chain = isSameProject ? keepUnchanged(found, previous.context.chain) : found;
  const memory: FindingMemory = isSameProject ? previous.memory : new WeakMap();
  const context: ProjectContext = {
    manifest: project.manifest,
    directory: project.directory,
    chain,
    minimum: project.minimum,
    guessesMinimum: project.guessesMinimum === true,
    completeHistory: isComplete,
    statistics: project.statistics,
    settlement: project.settlement,
    systems: project.systems,
    today: project.today,
    queries: project.queries,
    ownFailures: evidence.window?.ownFailures ?? [],
    apis:
      project.manifest && project.apiReadings
        ? await compareReleases(project.manifest, project.apiReadings, { today: project.today ?? '' })
        : [],
    baseline: project.baseline && baseline && baselineContext(baseline, evidence.baseline),
  };
  const migration = isSameProject ? chain.find(({ migration: { id } }) => id === options.focus) : undefined;
  const focus = migration && previous ? { migration, others: previous.findings } : undefined;
  return {
    context,
    findings: runChecks(context, options.checks ?? allChecks, project.configuration, memory, focus),
    shadowProblem: evidence.problem,
    lessons: evidence.lessons,
    settings,
    memory,
  };
}

function releasesOf({ manifest, queries }: Project) {
  return manifest?.manifest && queries ? { manifest: manifest.manifest, queries } : undefined;
}

function windowOf(id: string, evidence: WindowEvidence | undefined): MigrationWindow | undefined {
  if (!evidence) return undefined;
  return {
    isComplete: evidence.judged.has(id),
    breaks: evidence.breaks.get(id) ?? [],
    changedResults: evidence.changedResults.get(id) ?? [],
  };
}

/** What of a project is checked: of scripts for another database, and what goes with them, nothing but that they are. */
function checkedPart(project: Project): Project {
  const { directory } = project;
  if (!directory || directory.dialect === 'postgresql') return project;
  return { ...project, directory: { ...directory, problems: [] }, baseline: undefined, queries: undefined };
}

/** A manifest's scripts are run by this tool; who runs others may be unknown. */
function withoutGuessedRunner(project: Project): Project {
  const { directory, manifest } = project;
  return directory && !manifest ? { ...project, directory: withEvidentTransactions(directory) } : project;
}

/** Every migration with its release: the manifest's order, then unreferenced ones in the directory's order. None of another database's. */
export function orderedMigrations(project: Project): { migration: Migration; release: string | undefined }[] {
  if (project.directory && project.directory.dialect !== 'postgresql') return [];
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

function earlierRoundTrip(migration: ParsedMigration, earlier: MigrationContext | undefined): RoundTrip | undefined {
  const isSame = isSentAlike(earlier?.up.script, migration.up.script) && isSentAlike(earlier?.down?.script, migration.down?.script);
  return isSame ? earlier?.roundTrip : undefined;
}
