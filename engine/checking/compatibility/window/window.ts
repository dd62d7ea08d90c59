import type { Manifest } from '../../../inputs/manifest/schema';
import type { DatabaseError, ProbeOutcome, ProbeQuery, StepProbe } from '../../../databases/observation';
import type { ReleaseQueries, ReleaseQuery } from '../queries/release-query';
import { shapeChange } from './shape-change';

/** A migration of the chain, as far as the window needs it. */
interface WindowStep {
  readonly id: string;
  readonly release: string | undefined;
}

/** How a query of a release that may be running fails once a statement has run. */
export interface QueryBreak {
  readonly release: string;
  readonly query: ReleaseQuery;
  /** Place of the statement among those of kind `sql` of the migration's up script. */
  readonly statement: number;
  /** `prepare`: it is refused. `write`: it is refused as soon as it writes. `shape`: it works, but gives or takes other types. */
  readonly kind: 'prepare' | 'write' | 'shape';
  readonly error?: DatabaseError;
  /** For `shape`, what is different, as the end of a sentence that begins with the query. */
  readonly difference?: string;
}

/** A query of a release that may be running that goes on working and returns other columns once a statement has run. */
export interface ChangedResult {
  readonly release: string;
  readonly query: ReleaseQuery;
  /** As in `QueryBreak`. */
  readonly statement: number;
}

/** A query that does not work with the schema of its own release. */
export interface OwnFailure {
  readonly release: string;
  readonly query: ReleaseQuery;
  readonly error: DatabaseError;
  /** True when it can be prepared and fails as soon as it writes. */
  readonly whenItWrites?: boolean;
  /** The release whose migrations make it work, where one does. */
  readonly worksFrom?: string;
}

/** What the shadow saw of the releases that run side by side. */
export interface WindowEvidence {
  /** Breaks by migration id. */
  readonly breaks: ReadonlyMap<string, readonly QueryBreak[]>;
  /** Changed results by migration id. */
  readonly changedResults: ReadonlyMap<string, readonly ChangedResult[]>;
  readonly ownFailures: readonly OwnFailure[];
  /**
   * Ids of migrations that were tried with the queries of every release that may be running meanwhile, none of them unusable:
   * what did not break there is used by nobody.
   */
  readonly judged: ReadonlySet<string>;
}

/** Which queries are tried at which steps of the chain. */
interface WindowPlan {
  readonly probes: ReadonlyMap<number, readonly ProbeQuery[]>;
  /** For each probed step the release and query of each entry, and whether it must work before the step or only after it. */
  readonly entries: ReadonlyMap<number, readonly PlannedQuery[]>;
  readonly judged: ReadonlySet<string>;
}

interface PlannedQuery {
  readonly release: string;
  readonly query: ReleaseQuery;
  readonly role: 'running' | 'own';
}

/**
 * While the migrations of a release run, the releases of the window before it are still running: their queries must work
 * before and after every statement. After its last migration its own queries must work as well.
 * @param writesOf where the parameters of a query that writes go
 */
export function planWindow(
  manifest: Manifest,
  queries: readonly ReleaseQueries[],
  steps: readonly WindowStep[],
  writesOf: (sql: string) => ProbeQuery['writes'],
): WindowPlan {
  const byRelease = new Map(queries.map((each) => [each.release, each]));
  const versions = manifest.releases.map(({ version }) => version);
  const entries = new Map<number, PlannedQuery[]>();
  const judged = new Set<string>();
  const add = (step: number, release: string, role: PlannedQuery['role']): void => {
    const own = (byRelease.get(release)?.queries ?? []).map((query) => ({ release, query, role }));
    if (own.length > 0) entries.set(step, [...(entries.get(step) ?? []), ...own]);
  };
  steps.forEach(({ id, release }, index) => {
    const place = release === undefined ? -1 : versions.indexOf(release);
    if (place < 0) return;
    const running = versions.slice(Math.max(0, place - manifest.window), place);
    for (const each of running) add(index, each, 'running');
    if (running.every((each) => isComplete(byRelease.get(each)))) judged.add(id);
  });
  for (const [place, version] of versions.entries()) {
    const last = steps.findLastIndex(({ release }) => release !== undefined && versions.indexOf(release) <= place);
    if (last >= 0) add(last, version, 'own');
  }
  const probes = new Map([...entries].map(([step, planned]) => [step, planned.map(({ query }) => probeOf(query, writesOf))]));
  return { probes, entries, judged };
}

function isComplete(queries: ReleaseQueries | undefined): boolean {
  return queries !== undefined && queries.queries.length > 0 && queries.unusable.length === 0 && queries.missing.length === 0;
}

const known = new WeakMap<ReleaseQuery, ProbeQuery>();

function probeOf(query: ReleaseQuery, writesOf: (sql: string) => ProbeQuery['writes']): ProbeQuery {
  const before = known.get(query);
  if (before) return before;
  const probe = { sql: query.sql, writes: writesOf(query.sql) };
  known.set(query, probe);
  return probe;
}

/** What the probes say of the releases. */
export function readWindow(plan: WindowPlan, probes: ReadonlyMap<number, StepProbe>, steps: readonly WindowStep[]): WindowEvidence {
  const breaks = new Map<string, QueryBreak[]>();
  const changedResults = new Map<string, readonly ChangedResult[]>();
  const failing = new Map<ReleaseQuery, Omit<OwnFailure, 'query'>>();
  for (const [index, planned] of plan.entries) {
    const probe = probes.get(index);
    const step = steps[index];
    if (!probe || !step) continue;
    const found = planned.flatMap(({ release, query, role }, place) => {
      if (role === 'own') {
        const { error, writeError } = finalOutcome(probe, place);
        const failure = error ?? writeError;
        if (failure && isSchemaError(failure)) failing.set(query, { release, error: failure, whenItWrites: error ? undefined : true });
        return [];
      }
      const broken = firstBreak(probe, place);
      return broken ? { release, query, ...broken } : [];
    });
    if (found.length > 0) breaks.set(step.id, found);
    const broken = new Set(found.map(({ query }) => query));
    const changed = planned.flatMap(({ release, query, role }, place) => {
      const statement = role === 'running' && !broken.has(query) ? resultChange(probe, place) : undefined;
      return statement === undefined ? [] : { release, query, statement };
    });
    if (changed.length > 0) changedResults.set(step.id, changed);
  }
  const ownFailures = [...failing].map(([query, failure]): OwnFailure => {
    const worksFrom = firstWorking(plan, probes, steps, query);
    return { ...failure, query, worksFrom };
  });
  const judged = [...plan.judged].filter((id) => {
    const index = steps.findIndex((step) => step.id === id);
    const probe = probes.get(index);
    return plan.entries.has(index) ? probe?.before.every(({ error }) => error?.gaveUp === undefined) : true;
  });
  return { breaks, changedResults, ownFailures, judged: new Set(judged) };
}

function finalOutcome(probe: StepProbe, query: number): ProbeOutcome {
  return probe.changes.findLast((change) => change.query === query)?.outcome ?? probe.before[query] ?? nothing;
}

function works({ error, writeError }: ProbeOutcome): boolean {
  return !error && !writeError;
}

const nothing: ProbeOutcome = { parameters: [], columns: [] };

/** The first statement after which a query that works all along returns other columns than before, in number, name or type. */
function resultChange(probe: StepProbe, query: number): number | undefined {
  const before = probe.before[query];
  const after = finalOutcome(probe, query);
  if (!before || before.error || after.error || before.columns.length === 0 || !hasOtherColumns(before, after)) return undefined;
  return probe.changes.find((change) => change.query === query && hasOtherColumns(before, change.outcome))?.statement;
}

function hasOtherColumns(before: ProbeOutcome, after: ProbeOutcome): boolean {
  return JSON.stringify(before.columns) !== JSON.stringify(after.columns);
}

type Broken = Pick<QueryBreak, 'statement' | 'kind' | 'error' | 'difference'>;

/** The first statement after which a query that worked before the step does not, unless the step itself mends it again. */
function firstBreak(probe: StepProbe, query: number): Broken | undefined {
  const before = probe.before[query];
  if (!before || before.error) return undefined;
  if (!brokenBy(before, finalOutcome(probe, query))) return undefined;
  for (const change of probe.changes) {
    const broken = change.query === query ? brokenBy(before, change.outcome) : undefined;
    if (broken) return { statement: change.statement, ...broken };
  }
  return undefined;
}

function brokenBy(before: ProbeOutcome, after: ProbeOutcome): Omit<Broken, 'statement'> | undefined {
  if (after.error) return isSchemaError(after.error) ? { kind: 'prepare', error: after.error } : undefined;
  if (before.written && after.writeError) return { kind: 'write', error: after.writeError };
  const difference = shapeChange(before, after);
  return difference === undefined ? undefined : { kind: 'shape', difference };
}

/** An aborted transaction or a missing right of the script's role says nothing of the query. */
function isSchemaError({ sqlstate, gaveUp }: DatabaseError): boolean {
  return gaveUp === undefined && sqlstate !== '25P02' && sqlstate !== '42501';
}

/** The release at whose migrations the query is known to work. */
function firstWorking(
  plan: WindowPlan,
  probes: ReadonlyMap<number, StepProbe>,
  steps: readonly WindowStep[],
  query: ReleaseQuery,
): string | undefined {
  for (const [index, planned] of [...plan.entries].sort(([a], [b]) => a - b)) {
    const place = planned.findIndex((each) => each.query === query && each.role === 'running');
    const probe = probes.get(index);
    if (place >= 0 && probe && works(finalOutcome(probe, place))) return steps[index]?.release;
  }
  return undefined;
}
