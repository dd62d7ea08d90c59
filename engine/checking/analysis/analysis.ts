import type { Check } from '../checks/check';
import type { MigrationContext, MigrationWindow, ProjectContext, ScriptContext } from '../context/context';
import { checksFor } from '../checks/registry/index';
import { type FindingMemory, runChecksFor } from '../checks/runner/run-checks';
import { compareReleases } from '../compatibility/apis/compare-releases';
import type { WindowEvidence } from '../compatibility/window/window';
import type { Finding } from '../../core/finding';
import type { ReportProgress } from '../../core/host';
import type { Problem } from '../../core/problem';
import type { Migration, Script } from '../../core/scripts';
import { referencedId } from '../../inputs/manifest/schema';
import type { Language } from '../../databases/database';
import type { RoundTrip, Shadow } from '../../databases/observation';
import type { AnyTree } from '../../databases/registry/index';
import type { Project } from '../project/project';
import { postgresqlAnalysis } from '../replay/postgresql/replay-history';
import type { Evidence, ParsedMigration, ProductAnalysis } from '../replay/product-replay';

/** The products whose migrations are analysed. */
const products: readonly ProductAnalysis[] = [postgresqlAnalysis];

export interface AnalysisOptions<Tree = AnyTree> {
  /** Without one, only what needs no database is checked and findings are not verified. */
  readonly shadow?: Shadow;
  /** False: nothing is observed statement by statement, for callers that want round trips alone. Default true. */
  readonly observe?: boolean;
  /** Which migrations are run up, down and up again: all of them (default), none, or those with these ids. */
  readonly rehearse?: 'all' | 'none' | ReadonlySet<string>;
  /**
   * The id of the migration that somebody looks at or types in: for all others stands what `previous` saw and found, where nothing but
   * migrations changed since, and nothing without one. For an answer at once in a long history.
   */
  readonly focus?: string;
  /** An earlier analysis of the same project: round trips of migrations whose scripts did not change are taken from it. */
  readonly previous?: Analysis<Tree>;
  readonly checks?: readonly Check<Tree>[];
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

export interface Analysis<Tree = AnyTree> {
  readonly context: ProjectContext<Tree>;
  readonly findings: readonly Finding[];
  /** Why the shadow could not be used although there is one; the findings are then not verified. */
  readonly shadowProblem: Problem | undefined;
  /** What the shadow taught of things that the scripts take for granted; the next analysis begins with it. */
  readonly lessons: readonly unknown[];
  /** Everything but the migrations that the findings depend on; while it is the same, `memory` holds for the next analysis. */
  readonly settings: string;
  readonly memory: FindingMemory;
}

/**
 * Parses, replays and checks a project. The one way to findings for editor, command line and run.
 * @throws ProblemError `cancelled`
 */
export function analyse(whole: Project, options: AnalysisOptions = {}): Promise<Analysis> {
  return analyseWith(products, whole, options);
}

/**
 * As `analyse`, with the products that are given: the one of the scripts, or the first for a manifest without any. Of scripts for
 * another product nothing is checked but that they are.
 */
export async function analyseWith<Tree>(
  all: readonly ProductAnalysis<Tree>[],
  whole: Project,
  options: AnalysisOptions<Tree> = {},
): Promise<Analysis<Tree>> {
  const { directory } = whole;
  const product = directory ? all.find(({ checks }) => checks.database.dialect === directory.dialect) : all[0];
  const language = product?.checks.database.language;
  await language?.load();
  const project = language ? withoutGuessedRunner(whole, language) : unchecked(whole);
  const { previous } = options;
  const settings = settingsOf(project);
  const before = new Map(previous?.context.chain.map((each) => [each.migration.id, each]));
  const migrations = language
    ? orderedMigrations(project).map(({ migration, release }) => ({
        migration,
        release,
        up: parsedScript(migration.up, language, before.get(migration.id)?.up),
        down: migration.down && parsedScript(migration.down, language, before.get(migration.id)?.down),
      }))
    : [];
  const evidence =
    (await product?.replay({ project, migrations }, { ...options, upTo: options.focus, lessons: previous?.lessons })) ??
    nothingReplayed(project);
  const found: MigrationContext<Tree>[] = migrations.map((each) => {
    const { migration } = each;
    const earlier = before.get(migration.id);
    const kept = options.focus === undefined ? undefined : earlier;
    return {
      ...each,
      observation: evidence.observations.get(migration) ?? kept?.observation,
      roundTrip: evidence.roundTrips.get(migration) ?? earlierRoundTrip(each, earlier),
      assumed: evidence.assumed.get(migration) ?? [],
      pendingFailures: evidence.pendingFailures.get(migration) ?? kept?.pendingFailures,
      window: windowOf(migration.id, evidence.window) ?? kept?.window,
    };
  });
  const isSameProject = previous?.settings === settings && previous.context.completeHistory === evidence.isComplete;
  const chain = isSameProject ? keepUnchanged(found, previous.context.chain) : found;
  const memory: FindingMemory = isSameProject ? previous.memory : new WeakMap();
  const context: ProjectContext<Tree> = {
    manifest: project.manifest,
    directory: project.directory,
    chain,
    minimum: project.minimum,
    guessesMinimum: project.guessesMinimum === true,
    completeHistory: evidence.isComplete,
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
    baseline: evidence.baseline,
  };
  const migration = isSameProject || !previous ? chain.find(({ migration: { id } }) => id === options.focus) : undefined;
  const focus = migration && { migration, others: previous?.findings ?? [] };
  const checks = options.checks ?? checksFor(product?.checks);
  return {
    context,
    findings: runChecksFor(product?.checks, context, checks, project.configuration, { memory, focus }),
    shadowProblem: evidence.problem,
    lessons: evidence.lessons,
    settings,
    memory,
  };
}

function nothingReplayed({ completeHistory }: Project): Evidence<never> {
  const nothing = new Map<never, never>();
  return {
    isComplete: completeHistory,
    observations: nothing,
    roundTrips: nothing,
    assumed: nothing,
    pendingFailures: nothing,
    lessons: [],
    baseline: undefined,
    window: undefined,
    problem: undefined,
  };
}

function windowOf(id: string, evidence: WindowEvidence | undefined): MigrationWindow | undefined {
  if (!evidence) return undefined;
  return {
    isComplete: evidence.judged.has(id),
    breaks: evidence.breaks.get(id) ?? [],
    changedResults: evidence.changedResults.get(id) ?? [],
  };
}

/** A project whose scripts are for a database that is not known, without what goes with them. */
function unchecked(project: Project): Project {
  const { directory } = project;
  return { ...project, directory: directory && { ...directory, problems: [] }, baseline: undefined, queries: undefined };
}

/** A manifest's scripts are run by this tool; who runs others may be unknown. */
function withoutGuessedRunner<Tree>(project: Project, language: Language<Tree>): Project {
  const { directory, manifest } = project;
  return directory && !manifest ? { ...project, directory: language.withEvidentTransactions(directory) } : project;
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

function earlierRoundTrip(migration: ParsedMigration<unknown>, earlier: MigrationContext<unknown> | undefined): RoundTrip | undefined {
  const isSame = isSentAlike(earlier?.up.script, migration.up.script) && isSentAlike(earlier?.down?.script, migration.down?.script);
  return isSame ? earlier?.roundTrip : undefined;
}

/** The script parsed, or as an earlier analysis parsed it when it is the same. */
function parsedScript<Tree>(script: Script, language: Language<Tree>, earlier: ScriptContext<Tree> | undefined): ScriptContext<Tree> {
  return earlier && isSameScript(earlier.script, script) ? earlier : { script, statements: language.parse(script) };
}

function isSameScript(a: Script, b: Script): boolean {
  return (
    a.sql === b.sql &&
    a.text === b.text &&
    a.file === b.file &&
    a.transaction === b.transaction &&
    a.isMeantOutside === b.isMeantOutside &&
    a.direction === b.direction &&
    isSentAlike(a, b)
  );
}

/** True when the tool puts the same values into both scripts. */
function isSentAlike(a: Script | undefined, b: Script | undefined): boolean {
  return a?.sql === b?.sql && JSON.stringify(a?.replacements ?? []) === JSON.stringify(b?.replacements ?? []);
}

/** Everything but the migrations that findings depend on, as a text to compare. */
function settingsOf(project: Project): string {
  const {
    manifest,
    directory,
    minimum,
    guessesMinimum,
    completeHistory,
    statistics,
    baseline,
    platforms = [],
    systems,
    today,
    configuration,
    settlement,
  } = project;
  const sizes = statistics && [statistics.file, statistics.takenAt, [...statistics.tables]];
  return JSON.stringify([
    manifest?.text,
    directory?.layout,
    directory?.runner,
    directory?.dialect,
    minimum,
    guessesMinimum,
    completeHistory,
    sizes,
    baseline?.text,
    platforms.map(({ name }) => name),
    [...systems],
    today,
    configuration,
    settlement.by,
    [...settlement.migrations],
    [...settlement.files],
    settlement.removed,
  ]);
}

/**
 * The migrations with the objects of an earlier chain for those at its beginning that are the same, together with all others
 * of their release and everything before: what is remembered by such an object still holds.
 */
export function keepUnchanged<Tree>(
  chain: readonly MigrationContext<Tree>[],
  earlier: ProjectContext<Tree>['chain'],
): MigrationContext<Tree>[] {
  const firstChange = chain.findIndex((each, index) => !isSame(each, earlier[index]));
  if (firstChange < 0 && chain.length === earlier.length) return [...earlier];
  let cut = firstChange < 0 ? chain.length : firstChange;
  // A release is one unit: what is done in one of its migrations changes what the others mean.
  const release = (chain[cut] ?? earlier[cut])?.release;
  while (cut > 0 && release !== undefined && (chain[cut - 1]?.release === release || earlier[cut - 1]?.release === release)) cut--;
  return chain.map((each, index) => (index < cut ? (earlier[index] ?? each) : each));
}

function isSame(a: MigrationContext<unknown>, b: MigrationContext<unknown> | undefined): boolean {
  return (
    b !== undefined &&
    a.migration.id === b.migration.id &&
    a.release === b.release &&
    a.up === b.up &&
    a.down === b.down &&
    a.roundTrip === b.roundTrip &&
    a.observation?.statements === b.observation?.statements &&
    a.observation?.afterFailure === b.observation?.afterFailure &&
    a.observation?.unseeded?.length === b.observation?.unseeded?.length &&
    JSON.stringify(a.pendingFailures) === JSON.stringify(b.pendingFailures) &&
    JSON.stringify(a.window) === JSON.stringify(b.window) &&
    a.assumed.length === b.assumed.length &&
    a.assumed.every(
      ({ object, sql, from }, index) =>
        object === b.assumed[index]?.object && sql === b.assumed[index]?.sql && from?.directory === b.assumed[index]?.from?.directory,
    )
  );
}
