import { listed, listedBriefly } from '../../../../core/wording';
import type { Manifest } from '../../../../inputs/manifest/schema';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { Check, FindingDraft } from '../../check';
import type { MigrationContext, ProjectContext, StatementContext } from '../../../context/context';
import { statementContexts } from '../../../context/statement-contexts';
import { displayName, headOf, lockEvidence, relationOf, tablesBornInUnit } from '../support/evidence';
import { firstFitting } from '../../support/headline';
import { manifestPlace, usableManifest } from '../../support/manifest-places';
import { tableWork } from '../support/table-work';
import { bytesPerSecond, spokenSize, spokenTime, type TimedWork, timesOf } from '../support/work-time';

type Budget = NonNullable<Manifest['budget']>;

export const check: Check = {
  id: 'budget-exceeded',
  hazards: ['M23'],
  severity: 'warning',
  summary: 'Exceeds the lock budget or the migration budget of the manifest, by an estimate from the sizes of the tables.',
  *migration(migration, project) {
    const budget = usableManifest(project)?.manifest.budget;
    if (!budget || !project.statistics) return;
    const contexts = statementContexts(migration, project);
    for (const context of contexts) yield* overLock(context, budget);
    yield* overMigration(contexts, migration, project, budget);
  },
};

/** A statement that blocks a table for longer than `budget.lock`. */
function* overLock(context: StatementContext, { lock }: Budget): Iterable<FindingDraft> {
  if (lock === undefined) return;
  const works = tableWork(context).flatMap(({ work, ...more }) => (work === 'none' ? [] : [{ ...more, work }]));
  const times = timesOf(context, works);
  const seconds = sum(times);
  if (seconds <= lock) return;
  const blocked = works.some(({ mode }) => mode === 'AccessExclusive') ? 'Reads and writes wait' : 'Writes wait';
  const tables = times.map(({ table }) => displayName(table));
  const headline = (list: string) => `Blocks ${list} for about ${spokenTime(seconds)}, but budget.lock allows ${spokenTime(lock)}`;
  yield {
    range: headOf(context.statement),
    message: firstFitting([headline(listedBriefly(tables)), headline(listedBriefly(tables, 1))]),
    details: `${blocked} meanwhile. ${estimate(times)}${within(times, lock)}`,
    advice: 'Do the work without the lock, as the other finding at this statement says, or raise `budget.lock`.',
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
  const most = timed.filter(({ times }) => times.length > 0).length > 1 ? 'This statement takes most of the time. ' : '';
  yield {
    range: headOf(longest.context.statement),
    message: `${migration.migration.id} takes about ${spokenTime(seconds)}, but budget.migration allows ${spokenTime(allowed)}`,
    details: `${most}${estimate(all)}`,
    advice: 'Split the migration, or raise `budget.migration`.',
    verified: contexts.every((context) => context.observation !== undefined),
    related: budgetPlace(project, 'migration'),
  };
}

/** Tables that a statement scans or rewrites, whatever its locks. */
function allWork(context: StatementContext): { table: RelationName; work: 'rewrite' | 'scan' }[] {
  const born = tablesBornInUnit(context.migration, context.project);
  const work = new Map<RelationName, 'rewrite' | 'scan'>();
  for (const each of tableWork(context)) if (each.work !== 'none') work.set(each.table, each.work);
  const seen = lockEvidence(context) ?? context.observation;
  for (const table of seen?.scans ?? []) if (!work.has(table)) work.set(table, 'scan');
  for (const table of seen?.rewrites ?? []) work.set(table, 'rewrite');
  const { node } = context.statement;
  const write = fieldsOf(node, 'UpdateStmt') ?? fieldsOf(node, 'DeleteStmt');
  // Every row is written, to the table and to the log.
  if (write && write.whereClause === undefined && !context.observation?.error) work.set(relationOf(write.relation), 'rewrite');
  const index = fieldsOf(node, 'IndexStmt');
  if (index && !context.observation?.error && work.size === 0) work.set(relationOf(index.relation), 'scan');
  return [...work].filter(([table]) => !born.has(table)).map(([table, how]) => ({ table, work: how }));
}

function sum(times: readonly TimedWork[]): number {
  return times.reduce((total, { seconds }) => total + seconds, 0);
}

function estimate(times: readonly TimedWork[]): string {
  const sizes = [...new Map(times.map(({ table, bytes }) => [table, `${displayName(table)} (${spokenSize(bytes)})`])).values()];
  const rates = (['scan', 'write'] as const)
    .filter((how) => times.some(({ work }) => work === how))
    .map((how) => `${spokenSize(bytesPerSecond[how])} ${how === 'scan' ? 'read' : 'written'}`);
  return `Estimated from the ${sizes.length === 1 ? 'size' : 'sizes'} of ${listed(sizes)} at ${listed(rates)} per second.`;
}

/** Up to which size the budget holds, when it is about one table. */
function within(times: readonly TimedWork[], lock: number): string {
  const [only] = times;
  if (!only || times.length > 1) return '';
  return ` The budget is enough for ${spokenSize(bytesPerSecond[only.work] * lock)}.`;
}

function budgetPlace(project: ProjectContext, key: keyof Budget) {
  const usable = usableManifest(project);
  return usable ? [manifestPlace(usable.document, ['budget', key], 'Sets the budget.')] : [];
}
