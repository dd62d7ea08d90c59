import { listed } from '../core/wording';
import type { Manifest } from '../manifest/schema';
import type { RelationName } from '../shadow/observation';
import { fieldsOf } from '../sql/nodes';
import type { Check, FindingDraft, MigrationContext, ProjectContext, StatementContext } from './check';
import { statementContexts } from './statement-contexts';
import { displayName, headOf, lockEvidence, relationOf, tablesBornInUnit } from './support/evidence';
import { manifestPlace, usableManifest } from './support/manifest-places';
import { tableWork } from './support/table-work';
import { bytesPerSecond, spokenSize, spokenTime, type TimedWork, timesOf } from './support/work-time';

type Budget = NonNullable<Manifest['budget']>;

export const check: Check = {
  id: 'budget-exceeded',
  hazards: ['M23'],
  group: 'locks',
  severity: 'warning',
  summary: 'A statement or a migration takes longer than the manifest allows, by an estimate.',
  *migration(migration, project) {
    const budget = usableManifest(project)?.manifest.budget;
    if (!budget || !project.statistics) return;
    const contexts = statementContexts(migration, project);
    for (const context of contexts) yield* overLock(context, budget);
    yield* overMigration(contexts, migration, project, budget);
  },
};

/** A statement that keeps others from a table for longer than `budget.lock`. */
function* overLock(context: StatementContext, { lock }: Budget): Iterable<FindingDraft> {
  if (lock === undefined) return;
  const works = tableWork(context).flatMap(({ work, ...more }) => (work === 'none' ? [] : [{ ...more, work }]));
  const times = timesOf(context, works);
  const seconds = sum(times);
  if (seconds <= lock) return;
  const who = works.some(({ mode }) => mode === 'AccessExclusive') ? 'Reads and writes' : 'Writes';
  const tables = times.map(({ table }) => displayName(table));
  yield {
    range: headOf(context.statement),
    message: `${who} of ${listed(tables)} wait for about ${spokenTime(seconds)}, and \`budget.lock\` allows ${spokenTime(lock)}. ${estimate(times)} ${within(times, lock)}`,
    verified: works.every(({ verified }) => verified),
    related: budgetPlace(context.project, 'lock'),
  };
}

/** A migration whose statements together take longer than `budget.migration`, locks or not; at the one that takes longest. */
function* overMigration(
  contexts: readonly StatementContext[],
  migration: MigrationContext,
  project: ProjectContext,
  { migration: allowed }: Budget,
): Iterable<FindingDraft> {
  if (allowed === undefined) return;
  const timed = contexts.map((context) => ({ context, times: timesOf(context, allWork(context)) }));
  const all = timed.flatMap(({ times }) => times);
  const seconds = sum(all);
  if (seconds <= allowed) return;
  const [longest] = timed.toSorted((a, b) => sum(b.times) - sum(a.times));
  if (!longest) return;
  const most = timed.filter(({ times }) => times.length > 0).length > 1 ? ' This statement takes most of it.' : '';
  yield {
    range: headOf(longest.context.statement),
    message: `${migration.migration.id} takes about ${spokenTime(seconds)}, and \`budget.migration\` allows ${spokenTime(allowed)}.${most} ${estimate(all)}`,
    verified: contexts.every((context) => context.observation !== undefined),
    related: budgetPlace(project, 'migration'),
  };
}

/** Tables that a statement reads or writes from end to end, whatever its locks. */
function allWork(context: StatementContext): { table: RelationName; work: 'rewrite' | 'scan' }[] {
  const born = tablesBornInUnit(context.migration, context.project);
  const work = new Map<RelationName, 'rewrite' | 'scan'>();
  for (const each of tableWork(context)) if (each.work !== 'none') work.set(each.table, each.work);
  const seen = lockEvidence(context) ?? context.observation;
  for (const table of seen?.scans ?? []) if (!work.has(table)) work.set(table, 'scan');
  for (const table of seen?.rewrites ?? []) work.set(table, 'rewrite');
  const { node } = context.statement;
  const update = fieldsOf(node, 'UpdateStmt');
  const write = update ?? fieldsOf(node, 'DeleteStmt');
  // Every row is written again, to the table and to the log.
  if (write && write['whereClause'] === undefined && !context.observation?.error) work.set(relationOf(write['relation']), 'rewrite');
  const index = fieldsOf(node, 'IndexStmt');
  if (index && !context.observation?.error && work.size === 0) work.set(relationOf(index['relation']), 'scan');
  return [...work].filter(([table]) => !born.has(table)).map(([table, how]) => ({ table, work: how }));
}

function sum(times: readonly TimedWork[]): number {
  return times.reduce((total, { seconds }) => total + seconds, 0);
}

function estimate(times: readonly TimedWork[]): string {
  const sizes = [...new Map(times.map(({ table, bytes }) => [table, `${displayName(table)} with ${spokenSize(bytes)}`])).values()];
  const rates = (['scan', 'write'] as const)
    .filter((how) => times.some(({ work }) => work === how))
    .map((how) => `${spokenSize(bytesPerSecond[how])} a second ${how === 'scan' ? 'read' : 'written'}`);
  return `This is an estimate from ${listed(sizes)} at ${listed(rates)}.`;
}

/** From which size on the budget is exceeded, when it is about one table. */
function within(times: readonly TimedWork[], lock: number): string {
  const [only] = times;
  if (!only || times.length > 1) return '';
  return `Up to ${spokenSize(bytesPerSecond[only.work] * lock)} would be within it.`;
}

function budgetPlace(project: ProjectContext, key: keyof Budget) {
  const usable = usableManifest(project);
  return usable ? [manifestPlace(usable.document, ['budget', key], 'This is what the manifest allows.')] : [];
}
