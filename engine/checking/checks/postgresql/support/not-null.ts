import type { RenameStmt } from '@pgsql/types';
import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { ProjectContext, StatementContext } from '../../../context/context';
import { statementContexts } from '../../../context/statement-contexts';
import { innerContexts } from './inner-contexts';
import { constraintsIn, isSerial } from './column-definitions';
import { lockEvidence, relationOf } from './evidence';

/** A column of a table. */
export interface ColumnName {
  readonly table: RelationName;
  readonly column: string;
}

/**
 * True when the statement makes the column refuse nothing that it accepted before, as it was NOT NULL already: by the observation, or by
 * the scripts where the statement was not observed or only a block around it was.
 */
export function refusesNullAlready(context: StatementContext, column: ColumnName): boolean {
  return lockEvidence(context) && !context.inside ? !changesColumn(context, column) : isNotNullByScripts(context, column);
}

/** True when SET NOT NULL has nothing to verify in the column: it is NOT NULL by the scripts, and no observation contradicts them. */
export function isVerifiedNotNull(context: StatementContext, column: ColumnName): boolean {
  return isNotNullByScripts(context, column) && !(lockEvidence(context) && changesColumn(context, column));
}

function changesColumn({ observation }: StatementContext, { column }: ColumnName): boolean {
  return observation?.changes.some(({ object }) => object.startsWith('column ') && object.endsWith(`.${column}`)) === true;
}

/** What the last statement before this one that is about the column says of it. */
function isNotNullByScripts(context: StatementContext, column: ColumnName): boolean {
  let isNotNull = false;
  for (const { node, isCertain } of nodesBefore(context)) {
    const stated = statedBy(node, column);
    if (stated !== undefined && (isCertain || !stated)) isNotNull = stated;
  }
  return isNotNull;
}

/** The statements that run before this one; of those inside a block it is not certain whether they run. */
function* nodesBefore({ project, statement, inside }: StatementContext): Iterable<{ node: SqlNode; isCertain: boolean }> {
  yield* nodesOfBaseline(project);
  for (const migration of project.chain) {
    for (const context of statementContexts(migration, project)) {
      if (context.statement === (inside ?? statement)) return;
      if (context.observation?.error) continue;
      if (context.statement.node) yield { node: context.statement.node, isCertain: true };
      for (const { statement: inner } of innerContexts(context)) if (inner.node) yield { node: inner.node, isCertain: false };
    }
  }
}

function* nodesOfBaseline({ baseline }: ProjectContext): Iterable<{ node: SqlNode; isCertain: boolean }> {
  if (!baseline) return;
  const failed = new Set(baseline.failures.map(({ statement }) => statement));
  for (const statement of baseline.statements)
    if (statement.node && !failed.has(statement)) yield { node: statement.node, isCertain: true };
}

/** Whether the column is NOT NULL after the statement; undefined for a statement that leaves that as it is. */
function statedBy(node: SqlNode, { table, column }: ColumnName): boolean | undefined {
  const create = fieldsOf(node, 'CreateStmt');
  if (create && relationOf(create.relation) === table) {
    if (create.if_not_exists === true) return undefined;
    return create.tableElts?.some((element) => makesNotNull(element, column)) ?? false;
  }
  const rename = fieldsOf(node, 'RenameStmt');
  if (rename) return isRenamed(rename, { table, column }) ? false : undefined;
  if (relationOf(fieldsOf(node, 'AlterTableStmt')?.relation) !== table) return undefined;
  return alterTableCommands(node).reduce<boolean | undefined>((stated, { subtype, name, def, fields }) => {
    switch (subtype) {
      case 'AT_SetNotNull':
        return name === column ? true : stated;
      case 'AT_DropNotNull':
      case 'AT_DropColumn':
        return name === column ? false : stated;
      case 'AT_DropConstraint':
        return false;
      case 'AT_AddColumn':
      case 'AT_AddConstraint':
        return fields.missing_ok !== true && makesNotNull(def, column) ? true : stated;
      default:
        return stated;
    }
  }, undefined);
}

/** True for a rename that gives the table or the column its name, or takes it away. */
function isRenamed({ renameType, relation, subname, newname }: RenameStmt, { table, column }: ColumnName): boolean {
  if (renameType === 'OBJECT_TABLE') return newname === table.slice(table.indexOf('.') + 1);
  return relationOf(relation) === table && [newname, subname].includes(column);
}

/** True when an element of a table's definition makes the column NOT NULL and verifies it. */
function makesNotNull(element: SqlNode | undefined, column: string): boolean {
  const definition = fieldsOf(element, 'ColumnDef');
  if (definition && definition.colname !== column) return false;
  if (definition && isSerial(definition)) return true;
  return constraintsIn(element).some(({ contype, keys, skip_validation: skipped }) => {
    const isNotNull = contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY' || (definition && contype === 'CONSTR_IDENTITY');
    return isNotNull === true && skipped !== true && (definition !== undefined || nameParts(keys).includes(column));
  });
}
