import { listed } from '../core/wording';
import { identifier } from '../sql/quoting';
import type { RelationName } from '../shadow/observation';
import { asNodes, fieldsOf, nameFromList } from '../sql/nodes';
import type { Check, StatementContext } from './check';
import { tableNamed } from './support/column-types';
import { headOf, lockEvidence, tablesBornInUnit } from './support/evidence';
import { foreignKeysBefore } from './support/foreign-keys';
import { hasLockTimeout, instantLockFinding, lockTimeoutAdvice } from './support/instant-locks';
import { type TableWork, tableWork } from './support/table-work';
import { sqlName } from './support/type-changes';

export const check: Check = {
  id: 'drop-table-locks-referenced',
  hazards: ['P29'],
  group: 'locks',
  severity: 'info',
  summary: 'Dropping a table with foreign keys locks the tables at their other end, against reads and writes.',
  looksInside: true,
  *statement(context) {
    const drop = fieldsOf(context.statement.node, 'DropStmt');
    if (drop?.['removeType'] !== 'OBJECT_TABLE' || hasLockTimeout(context)) return;
    const dropped = new Set(asNodes(drop['objects']).map((object) => droppedTable(context, object)));
    const keys = foreignKeysBefore(context).filter(({ table, referenced }) => dropped.has(table) !== dropped.has(referenced));
    const locks = others(
      context,
      dropped,
      keys.map(({ table, referenced }) => (dropped.has(table) ? referenced : table)),
    );
    const [key] = keys;
    if (locks.length === 0) return;
    const first = keys.map(({ table, name }) => `ALTER TABLE ${sqlName(table)} DROP CONSTRAINT ${identifier(name)};`).join(' ');
    const partitioned = keys.length === 0 ? partitionedAmong(context, locks) : [];
    const why =
      partitioned.length > 0
        ? `of which it is a partition. Detach it first, CONCURRENTLY where that is possible, and drop it then.`
        : `with which foreign keys join it. Drop these first, one a transaction${first ? `: ${first}` : '.'}`;
    yield instantLockFinding(context, locks, {
      lead: `Dropping ${listed([...dropped].map(sqlName))} also locks ${listed(locks.map(({ table }) => sqlName(table)))}, ${why}`,
      advice: lockTimeoutAdvice(context),
      ...(key && {
        related: [
          { file: key.migration.up.script.file, range: headOf(key.statement), message: `The foreign key ${key.name} is added here.` },
        ],
      }),
    });
  },
};

function droppedTable(context: StatementContext, object: unknown): RelationName {
  const named = nameFromList(object);
  return tableNamed(context, { relname: named?.name, ...(named?.schema !== undefined && { schemaname: named.schema }) });
}

/** Tables that stay and are locked against reads because of the drop. */
function others(context: StatementContext, dropped: ReadonlySet<RelationName>, expected: readonly RelationName[]): TableWork[] {
  const observation = lockEvidence(context);
  if (!observation) {
    if (context.observation?.error) return [];
    const born = tablesBornInUnit(context.migration, context.project);
    return [...new Set(expected)]
      .filter((table) => !born.has(table))
      .map((table) => ({ table, mode: 'AccessExclusive', work: 'none', since: context.statement, verified: false }));
  }
  const tables = new Set(observation.locks.filter(({ relationKind }) => /[rp]/.test(relationKind)).map(({ table }) => table));
  const gone = new Set(observation.changes.filter(({ kind }) => kind === 'dropped').map(({ object }) => object));
  return tableWork(context).filter(
    ({ table, mode, since }) =>
      tables.has(table) && !dropped.has(table) && mode === 'AccessExclusive' && since === context.statement && !gone.has(`table ${table}`),
  );
}

function partitionedAmong({ observation }: StatementContext, locks: readonly TableWork[]): TableWork[] {
  return locks.filter(({ table }) => observation?.locks.some((lock) => lock.table === table && lock.relationKind === 'p'));
}
