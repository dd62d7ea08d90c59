import type { ColumnDef, ConstrType, Constraint } from '@pgsql/types';
import { type AlterTableCommand, alterTableCommands, fieldsOf, nodeEntry, ownRelation } from '../../../../databases/postgresql/sql/nodes';
import type { RelationName } from '../../../../databases/observation';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, isFilled, isSerial, mayBeVolatile } from './column-definitions';
import { relationOf } from './evidence';
import { type TableWork, tableWork } from './table-work';

/** What in a statement makes it read or rewrite a table, so that exactly one check reports it. */
export type LockCause =
  | 'create-index'
  | 'reindex'
  | 'unique-constraint'
  | 'primary-key'
  | 'exclusion-constraint'
  | 'foreign-key'
  | 'check-constraint'
  | 'set-not-null'
  | 'validate-constraint'
  | 'volatile-default'
  | 'stored-generated'
  | 'serial-column'
  | 'column-type'
  | 'type-change'
  | 'table-rewrite'
  | 'storage-change'
  | 'refresh'
  | 'attach-partition'
  | 'detach-partition'
  | 'create-partition';

export interface CauseInStatement {
  readonly cause: LockCause;
  /** Which work it can be the cause of. */
  readonly does: readonly ('rewrite' | 'scan')[];
  /** The command of ALTER TABLE, where it is one. */
  readonly command?: AlterTableCommand;
  /** The fields of the Constraint node, where it is one. */
  readonly constraint?: Constraint;
  /** The fields of the ColumnDef node of ADD COLUMN. */
  readonly column?: ColumnDef;
}

/** Everything in the statement that may read or rewrite a table, in order. */
export function causesIn(node: SqlNode): CauseInStatement[] {
  const [type, inner] = nodeEntry(node);
  switch (type) {
    case 'IndexStmt':
      return [{ cause: 'create-index', does: ['scan'] }];
    case 'ReindexStmt':
      return [{ cause: 'reindex', does: ['scan', 'rewrite'] }];
    case 'VacuumStmt':
    case 'ClusterStmt':
      return [{ cause: 'table-rewrite', does: ['rewrite', 'scan'] }];
    case 'RefreshMatViewStmt':
      return [{ cause: 'refresh', does: ['rewrite', 'scan'] }];
    case 'CreateStmt':
      return inner.partbound ? [{ cause: 'create-partition', does: ['scan'] }] : [];
    case 'AlterTableStmt':
      return causesOfCommands(alterTableCommands(node));
    default:
      return [];
  }
}

/**
 * A foreign key in the definition of a new column reads nothing while the column holds NULL everywhere: the server leaves the check out,
 * unless the statement gives a new column a default or adds a foreign key of its own.
 */
function causesOfCommands(commands: readonly AlterTableCommand[]): CauseInStatement[] {
  const causes = commands.flatMap(causesOfCommand);
  const isChecked = commands.some(
    ({ subtype, def }) =>
      (subtype === 'AT_AddConstraint' && fieldsOf(def, 'Constraint')?.contype === 'CONSTR_FOREIGN') ||
      (subtype === 'AT_AddColumn' && constraintsOf(fieldsOf(def, 'ColumnDef') ?? {}).some(({ contype }) => contype === 'CONSTR_DEFAULT')),
  );
  return isChecked ? causes : causes.filter(({ cause, column }) => cause !== 'foreign-key' || !column);
}

function causesOfCommand(command: AlterTableCommand): CauseInStatement[] {
  switch (command.subtype) {
    case 'AT_AddColumn':
      return causesOfColumn(command);
    case 'AT_AddConstraint':
      return causeOfConstraint(fieldsOf(command.def, 'Constraint') ?? {}).map((cause) => ({ ...cause, command }));
    case 'AT_SetNotNull':
      return [{ cause: 'set-not-null', does: ['scan'], command }];
    case 'AT_ValidateConstraint':
      return [{ cause: 'validate-constraint', does: ['scan'], command }];
    case 'AT_AlterColumnType':
      return [{ cause: 'type-change', does: ['rewrite', 'scan'], command }];
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetTableSpace':
    case 'AT_SetAccessMethod':
      return [{ cause: 'storage-change', does: ['rewrite', 'scan'], command }];
    case 'AT_AttachPartition':
      return [{ cause: 'attach-partition', does: ['scan'], command }];
    case 'AT_DetachPartition':
      return [{ cause: 'detach-partition', does: ['scan'], command }];
    default:
      return [];
  }
}

function causesOfColumn(command: AlterTableCommand): CauseInStatement[] {
  const column = fieldsOf(command.def, 'ColumnDef') ?? {};
  const constraints = constraintsOf(column);
  const causes = constraints.flatMap((constraint): Omit<CauseInStatement, 'command'>[] => {
    switch (constraint.contype) {
      case 'CONSTR_IDENTITY':
        return [{ cause: 'serial-column', does: ['rewrite'] }];
      case 'CONSTR_GENERATED':
        return constraint.generated_kind === 'v' ? [] : [{ cause: 'stored-generated', does: ['rewrite'] }];
      case 'CONSTR_DEFAULT':
        return mayBeVolatile(constraint.raw_expr) ? [{ cause: 'volatile-default', does: ['rewrite'], constraint }] : [];
      default:
        return causeOfConstraint(constraint);
    }
  });
  if (isSerial(column)) causes.push({ cause: 'serial-column', does: ['rewrite'] });
  // A domain with a constraint makes the server check every row by rewriting it, with and without a default.
  if (!causes.some(({ does }) => does.includes('rewrite'))) causes.push({ cause: 'column-type', does: ['rewrite'] });
  return causes.map((cause) => ({ ...cause, command, column }));
}

const constraintCauses: { readonly [Type in ConstrType]?: LockCause } = {
  CONSTR_UNIQUE: 'unique-constraint',
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_EXCLUSION: 'exclusion-constraint',
  CONSTR_FOREIGN: 'foreign-key',
  CONSTR_CHECK: 'check-constraint',
  CONSTR_NOTNULL: 'set-not-null',
};

function causeOfConstraint(constraint: Constraint): Omit<CauseInStatement, 'command'>[] {
  const cause = constraint.contype && constraintCauses[constraint.contype];
  return cause && !constraint.skip_validation ? [{ cause, does: ['scan'], constraint }] : [];
}

/** Work on tables under locks, and what in the statement is the cause. */
export interface CausedWork {
  readonly works: readonly TableWork[];
  readonly causes: readonly CauseInStatement[];
}

/**
 * The long work of the statement that the given cause answers for; undefined when it does none. A statement with several
 * causes charges each piece of work to those that can do such work.
 */
export function workCausedBy(context: StatementContext, cause: LockCause): CausedWork | undefined {
  const { node } = context.statement;
  if (!node) return undefined;
  const all = causesIn(node);
  if (!all.some((each) => each.cause === cause) || isEmptyHere(context, relationOf(ownRelation(node)))) return undefined;
  const works = tableWork(context).filter(
    ({ table, work }) => work !== 'none' && responsible(onTable(all, node, table), work).some((each) => each.cause === cause),
  );
  return works.length > 0 ? { works, causes: all.filter((each) => each.cause === cause) } : undefined;
}

/**
 * True where there is nothing to read or to rewrite: an earlier statement of the script truncates the table, or it or this
 * statement adds a required column without a value, which no row survives.
 */
function isEmptyHere({ script, statement, inside }: StatementContext, table: RelationName): boolean {
  const start = (inside ?? statement).start;
  return script.statements.some(({ node, start: other }) => {
    if (other < start && fieldsOf(node, 'TruncateStmt')?.relations?.some((each) => relationOf(each) === table)) return true;
    return other <= start && addsRequired(node, table);
  });
}

function addsRequired(node: SqlNode | undefined, table: RelationName): boolean {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!alter || relationOf(alter.relation) !== table) return false;
  return alterTableCommands(node).some(({ subtype, def, fields: command }) => {
    const isSure = subtype === 'AT_AddColumn' && command.missing_ok !== true;
    const column = isSure ? fieldsOf(def, 'ColumnDef') : undefined;
    return column !== undefined && constraintsOf(column).some(({ contype }) => contype === 'CONSTR_NOTNULL') && !isFilled(column);
  });
}

/** On the table at the other end of a foreign key, nothing works but that foreign key. */
function onTable(all: readonly CauseInStatement[], node: SqlNode, table: RelationName): readonly CauseInStatement[] {
  const pointing = all.filter(({ constraint }) => constraint?.pktable !== undefined && relationOf(constraint.pktable) === table);
  return pointing.length > 0 && relationOf(ownRelation(node)) !== table ? pointing : all;
}

function responsible(all: readonly CauseInStatement[], work: 'rewrite' | 'scan'): readonly CauseInStatement[] {
  const able = all.filter(({ does }) => does.includes(work));
  return able.length > 0 ? able : all;
}
