import type { UpdateStmt } from '@pgsql/types';
import { remembered } from '../../../../core/remember';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, fieldsOfEach, nameFromList, nameParts, nodeEntry, walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { ProjectContext, ScriptContext, StatementContext } from '../../../context/context';
import { displayName, headOf, qualifiedName, relationOf } from '../support/evidence';
import { failureFinding, failureFor, hasPendingEvents } from '../support/failure-causes';
import { fix, insertStatementBefore } from '../support/fixes';
import { foreignKeysBefore } from '../support/foreign-keys';
import { partitionParents } from '../support/partitions';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'pending-trigger-events',
  hazards: ['P34'],
  severity: 'error',
  summary: 'Changes a table whose rows the same transaction wrote while a deferred constraint check is pending.',
  *statement(context) {
    if (context.inside || !mayDefer(context.project)) return;
    const error = failureFor(context, 'pending-trigger-events');
    if (error) {
      yield { ...failureFinding(context, error, { advice }), ...more(context) };
      return;
    }
    const { observation, statement, project } = context;
    if (observation?.error) return;
    const seen = observation?.rowsError && hasPendingEvents(observation.rowsError);
    const table = tablesChangedBy(statement.node).find((each) => seen || writeBefore(context, each, observation !== undefined));
    if (table === undefined || project.statistics?.tables.get(table)?.rows === 0) return;
    const write = writeBefore(context, table, false);
    const condition = write && mayChangeNothing(write) ? 'if a row was changed' : 'if it has a row';
    yield {
      range: headOf(statement),
      severity: write && mayChangeNothing(write) ? 'warning' : 'error',
      verified: seen === true,
      message: `Fails on ${displayName(table)} ${condition}: a deferred constraint check is pending`,
      details: 'PostgreSQL does not change a table while triggers for its rows are pending (55006).',
      advice,
      ...more(context, write),
    };
  },
};

/** Most projects defer nothing. */
const mayDefer = remembered(({ chain, baseline }: ProjectContext): boolean =>
  [...chain.map(({ up }) => up.script.text), baseline?.script.text ?? ''].some((text) => /\bdeferr/i.test(text)),
);

const advice = 'Run SET CONSTRAINTS ALL IMMEDIATE; first, or move this statement to a migration of its own.';

function more(context: StatementContext, write?: ParsedStatement): Pick<FindingDraft, 'related' | 'fixes'> {
  const edit = insertStatementBefore(context.script, context.statement, 'SET CONSTRAINTS ALL IMMEDIATE');
  return {
    ...(write && { related: [{ file: context.script.script.file, range: headOf(write), message: 'Changes the rows.' }] }),
    fixes: [fix(context, 'Check deferred constraints first', [edit])],
  };
}

/** The tables for which the server asks whether events wait: it does so for ALTER TABLE, CREATE INDEX, DROP TABLE, TRUNCATE and CLUSTER. */
function tablesChangedBy(node: SqlNode | undefined): RelationName[] {
  if (!node) return [];
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'AlterTableStmt':
      return inner.objtype === 'OBJECT_TABLE' ? [relationOf(inner.relation)] : [];
    case 'IndexStmt':
    case 'ClusterStmt':
      return inner.relation === undefined ? [] : [relationOf(inner.relation)];
    case 'TruncateStmt':
      return (inner.relations ?? []).map(relationOf);
    case 'DropStmt':
      if (inner.removeType !== 'OBJECT_TABLE') return [];
      return (inner.objects ?? []).flatMap((object) => {
        const name = nameFromList(object);
        return name ? qualifiedName(name) : [];
      });
    default:
      return [];
  }
}

/**
 * The last statement before this one, in the same transaction, after which events wait for the table.
 * @param onlyUnseen leaves out statements that write rows wherever there are some: those the shadow has run on rows
 */
function writeBefore(context: StatementContext, table: RelationName, onlyUnseen: boolean): ParsedStatement | undefined {
  let isAllDeferred = false;
  let found: ParsedStatement | undefined;
  for (const statement of transactionOf(context).earlier) {
    const set = fieldsOf(statement.node, 'ConstraintsSetStmt');
    if (set) {
      const isDeferred = set.deferred === true;
      if (isDeferred && set.constraints === undefined) isAllDeferred = true;
      if (!isDeferred) found = undefined;
      if (!isDeferred && set.constraints === undefined) isAllDeferred = false;
      continue;
    }
    if (onlyUnseen && !mayChangeNothing(statement)) continue;
    if (statement.node && queuesEvents(context, statement, table, isAllDeferred)) found = statement;
  }
  return found;
}

/** True when rows decide whether the statement writes any. */
function mayChangeNothing({ node }: ParsedStatement): boolean {
  const insert = fieldsOf(node, 'InsertStmt');
  if (insert) return fieldsOf(insert.selectStmt, 'SelectStmt')?.valuesLists === undefined;
  const update = fieldsOf(node, 'UpdateStmt');
  const deletion = fieldsOf(node, 'DeleteStmt');
  if (!update && !deletion) return true;
  return [update?.whereClause, update?.fromClause, deletion?.whereClause, deletion?.usingClause].some(Boolean);
}

function queuesEvents(context: StatementContext, write: ParsedStatement, table: RelationName, isAllDeferred: boolean): boolean {
  if (!write.node) return false;
  let queues = false;
  const parents = partitionParents(context.project);
  const rootOf = (name: RelationName): RelationName => {
    const parent = parents.get(name);
    return parent === undefined || parent === name ? name : rootOf(parent);
  };
  const isThere = ({ up, statement }: Made) => up !== context.script || statement.start < write.start;
  const waits = (event: Event, set?: ReadonlySet<string>): boolean => {
    const assigns = (columns: readonly string[]) => columns.some((column) => set?.has(column));
    const isByKey = foreignKeysBefore(context).some((key) => {
      if (!(isAllDeferred ? key.isDeferrable : key.isDeferred)) return false;
      if (!isThere({ up: key.migration.up, statement: key.statement })) return false;
      if (rootOf(key.table) === rootOf(table) && (event === 'insert' || assigns(key.columns))) return true;
      if (rootOf(key.referenced) !== rootOf(table)) return false;
      return event === 'delete' ? key.onlyChecks.deletes : key.onlyChecks.updates && assigns(key.referencedColumns);
    });
    const isFor = (trigger: DeferredTrigger) => isThere(trigger) && rootOf(trigger.table) === rootOf(table) && trigger.events.has(event);
    return isByKey || triggersBefore(context).some(isFor);
  };
  walk(write.node, (type, inner) => {
    if (queues || !(type === 'InsertStmt' || type === 'UpdateStmt' || type === 'DeleteStmt')) return !queues;
    queues =
      rootOf(relationOf(inner.relation)) === rootOf(table) &&
      (type === 'UpdateStmt' ? waits('update', assignedIn(inner)) : waits(type === 'InsertStmt' ? 'insert' : 'delete'));
    return !queues;
  });
  return queues;
}

type Event = 'insert' | 'update' | 'delete';

/** Columns that get a new value. NULL needs no look at another table, and a column set to itself none either. */
function assignedIn({ targetList }: UpdateStmt): Set<string> {
  return new Set(
    fieldsOfEach(targetList, 'ResTarget').flatMap(({ name: column, val: value }) => {
      const isNull = fieldsOf(value, 'A_Const')?.isnull === true;
      const isItself = nameParts(fieldsOf(value, 'ColumnRef')?.fields).at(-1) === column;
      return column === undefined || isNull || isItself ? [] : column;
    }),
  );
}

interface Made {
  readonly up: ScriptContext;
  readonly statement: ParsedStatement;
}

interface DeferredTrigger extends Made {
  readonly table: RelationName;
  readonly events: ReadonlySet<Event>;
}

/** Bits of `tgtype` in PostgreSQL's pg_trigger.h. */
const eventBits = [
  ['insert', 4],
  ['delete', 8],
  ['update', 16],
] as const;

/** Constraint triggers that wait for the end of the transaction; those that a script drops again are left out. */
function triggersBefore(context: StatementContext): DeferredTrigger[] {
  const found = new Map<string, DeferredTrigger>();
  for (const { up } of context.project.chain) {
    for (const statement of up.statements) {
      const { node } = statement;
      if (up === context.script && statement.start >= context.statement.start) return [...found.values()];
      const trigger = fieldsOf(node, 'CreateTrigStmt');
      if (trigger?.isconstraint === true && trigger.initdeferred === true) {
        const bits = trigger.events ?? 0;
        const table = relationOf(trigger.relation);
        found.set(`${table}.${trigger.trigname}`, {
          up,
          statement,
          table,
          events: new Set(eventBits.flatMap(([event, bit]) => ((bits & bit) === 0 ? [] : event))),
        });
      }
      const drop = fieldsOf(node, 'DropStmt');
      if (drop?.removeType === 'OBJECT_TRIGGER') {
        for (const object of drop.objects ?? []) {
          const parts = nameParts(object);
          const table = qualifiedName({ name: parts.at(-2) ?? '', schema: parts.length > 2 ? parts[0] : undefined });
          found.delete(`${table}.${parts.at(-1)}`);
        }
      }
    }
  }
  return [...found.values()];
}
