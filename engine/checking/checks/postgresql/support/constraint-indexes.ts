import type { Constraint } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { alterTableCommands, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { StatementContext } from '../../../context/context';
import { writtenTable } from './command-text';
import { fix, leavingTransaction, replaceStatement, sendsOneByOne } from './fixes';
import type { CauseInStatement } from './lock-causes';
import { partitionedTableOf } from './partitions';

/** The two statements that make a unique constraint or primary key without building its index under a lock. */
export interface IndexFirst {
  /** The constraint's name, quoted where it has to be. */
  readonly name: string;
  /** The index's name until the constraint takes it over: another one while an older constraint still has the name. */
  readonly index: string;
  readonly build: string;
  readonly adopt: string;
}

/**
 * How the constraint is added from an index that was built CONCURRENTLY before; undefined where PostgreSQL does not support that:
 * on partitioned tables, for WITHOUT OVERLAPS, and where the statement's own words for the index would be lost.
 */
export function indexFirst(context: StatementContext, cause: CauseInStatement): IndexFirst | undefined {
  const { statement } = context;
  const { constraint, column } = cause;
  const table = writtenTable(statement, 'AlterTableStmt');
  const relation = fieldsOf(statement.node, 'AlterTableStmt')?.relation?.relname;
  if (!constraint || table === undefined || relation === undefined || partitionedTableOf(context) !== undefined) return undefined;
  if (constraint.without_overlaps === true || constraint.options !== undefined || constraint.indexspace !== undefined) return undefined;
  const isPrimary = constraint.contype === 'CONSTR_PRIMARY';
  const keys = column?.colname === undefined ? nameParts(constraint.keys) : [column.colname];
  if (keys.length === 0) return undefined;
  const plain = constraint.conname ?? (isPrimary ? `${relation}_pkey` : [relation, ...keys, 'key'].join('_'));
  const name = identifier(plain);
  const index = dropsConstraint(context, plain) ? identifier(`${plain}_new`) : name;
  const including = nameParts(constraint.including);
  const list = (names: readonly string[]): string => names.map(identifier).join(', ');
  const included = including.length > 0 ? ` INCLUDE (${list(including)})` : '';
  const nulls = constraint.nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '';
  return {
    name,
    index,
    build: `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${table} (${list(keys)})${included}${nulls}`,
    adopt: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${index}${deferral(constraint)}`,
  };
}

/** True when the script drops a constraint of the name: the index is built before that. */
function dropsConstraint({ script }: StatementContext, name: string): boolean {
  return script.statements.some(({ node }) =>
    alterTableCommands(node).some((command) => command.subtype === 'AT_DropConstraint' && command.name === name),
  );
}

function deferral(constraint: Constraint): string {
  if (constraint.initdeferred === true) return ' DEFERRABLE INITIALLY DEFERRED';
  return constraint.deferrable === true ? ' DEFERRABLE' : '';
}

/** The advice in words and SQL, for each kind of table and column. */
export function indexFirstAdvice(way: IndexFirst | undefined): string {
  if (way)
    return `Build the index CONCURRENTLY in a migration that runs outside a transaction, and add the constraint from it: ${way.build}; ${way.adopt};`;
  return 'If the table is not partitioned, build the index with CREATE UNIQUE INDEX CONCURRENTLY and add the constraint USING INDEX.';
}

/** An index lives in the schema of its table, as the statement writes it. */
function inSchemaOf({ statement }: StatementContext, index: string): string {
  const schema = fieldsOf(statement.node, 'AlterTableStmt')?.relation?.schemaname;
  return schema === undefined ? index : `${identifier(schema)}.${index}`;
}

/**
 * Only where the constraint is all that the statement adds and each statement is sent on its own. What a build that failed
 * left behind is dropped first, so that the script can run again.
 */
export function indexFirstFixes(context: StatementContext, cause: CauseInStatement, way: IndexFirst | undefined): Fix[] {
  const { node } = context.statement;
  const around = leavingTransaction(context);
  const isAll = alterTableCommands(node).length === 1 && cause.column === undefined;
  const mayBeMissing = fieldsOf(node, 'AlterTableStmt')?.missing_ok === true;
  if (!way || !around || !isAll || mayBeMissing || !sendsOneByOne(context)) return [];
  const lineEnd = context.script.script.text.includes('\r\n') ? '\r\n' : '\n';
  const steps = [`DROP INDEX CONCURRENTLY IF EXISTS ${inSchemaOf(context, way.index)}`, way.build, way.adopt];
  const edit = replaceStatement(context.statement, steps.join(`;${lineEnd}`));
  return [fix(context, 'Build the index CONCURRENTLY and add the constraint from it', [...around, edit])];
}
