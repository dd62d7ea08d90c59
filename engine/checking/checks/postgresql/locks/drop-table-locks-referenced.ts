import { listedBriefly } from '../../../../core/wording';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { displayName, headOf, lockEvidence, tablesBornInUnit } from '../support/evidence';
import { foreignKeysBefore } from '../support/foreign-keys';
import { firstFitting } from '../../support/headline';
import { hasLockTimeout, instantLockFinding, lockTimeoutAdvice, lockTimeoutStatement } from '../support/instant-locks';
import { type TableWork, tableWork } from '../support/table-work';
import { sqlName } from '../support/type-changes';

export const check: Check = {
  id: 'drop-table-locks-referenced',
  hazards: ['P29'],
  severity: 'info',
  summary: 'Drops a table, which also locks the tables that foreign keys connect to it against reads and writes.',
  supersedes: ['lock-timeout-missing'],
  looksInside: true,
  *statement(context) {
    const drop = fieldsOf(context.statement.node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_TABLE' || hasLockTimeout(context)) return;
    const dropped = new Set((drop.objects ?? []).map((object) => droppedTable(context, object)));
    const keys = foreignKeysBefore(context).filter(({ table, referenced }) => dropped.has(table) !== dropped.has(referenced));
    const locks = others(
      context,
      dropped,
      keys.map(({ table, referenced }) => (dropped.has(table) ? referenced : table)),
    );
    const [key] = keys;
    if (locks.length === 0) return;
    const partitioned = keys.length === 0 ? partitionedAmong(context, locks) : [];
    const drops = keys.map(({ table, name }) => ` ALTER TABLE ${sqlName(table)} DROP CONSTRAINT ${identifier(name)};`).join('');
    const advice =
      partitioned.length > 0
        ? `Detach the partition first, CONCURRENTLY where possible, and then drop it. ${lockTimeoutAdvice(context)}`
        : `Drop the foreign keys first, each in a transaction of its own with a lock timeout: ${lockTimeoutStatement(context)};${drops}`;
    yield instantLockFinding(context, locks, {
      message: headline([...dropped], locks, partitioned.length > 0),
      advice,
      related: key && [{ file: key.migration.up.script.file, range: headOf(key.statement), message: `Adds the foreign key ${key.name}.` }],
    });
  },
};

function headline(dropped: readonly RelationName[], locks: readonly TableWork[], arePartitioned: boolean): string {
  const names = locks.map(({ table }) => displayName(table));
  const gone = listedBriefly(dropped.map(displayName), 1);
  const queues = (tables: string) => `Also queues reads and writes of ${tables}`;
  const isOne = names.length === 1;
  const why = arePartitioned
    ? `${gone} ${dropped.length === 1 ? 'is a partition' : 'are partitions'} of ${isOne ? 'it' : 'them'}`
    : `${isOne ? 'a foreign key connects it' : 'foreign keys connect them'} to ${gone}`;
  const short = `DROP TABLE locks ${isOne ? 'it' : 'them'}`;
  return firstFitting([
    `${queues(listedBriefly(names))}: ${why}`,
    `${queues(listedBriefly(names))}: ${short}`,
    `${queues(listedBriefly(names, 1))}: ${short}`,
  ]);
}

function droppedTable(context: StatementContext, object: SqlNode): RelationName {
  const named = nameFromList(object);
  return tableNamed(context, { schemaname: named?.schema, relname: named?.name });
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
