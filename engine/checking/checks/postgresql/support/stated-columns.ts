import type { ColumnDef, Constraint, RangeVar, TypeName } from '@pgsql/types';
import type { TextRange } from '../../../../core/text';
import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, nameParts, nodeType, type NodeType, walk } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { ProjectContext, StatementContext } from '../../../context/context';
import { constraintsOf } from './column-definitions';
import { type StatedType, statedType } from './column-types';
import { writtenName } from './command-text';
import { failsInShadow, relationOf } from './evidence';
import { tokensOf } from './statement-tokens';

/** A column whose type a statement states. */
export interface StatedColumn {
  readonly table: RelationName;
  readonly name: string;
  readonly type: StatedType;
  /** Where the type stands, with its length and without array bounds. */
  readonly typeRange: TextRange;
  readonly column: ColumnDef;
  readonly constraints: readonly Constraint[];
  readonly how: 'create' | 'add' | 'change';
  /** False where the column has to fit another one: tables that inherit, partitions. */
  readonly isFree: boolean;
}

/** The columns of lasting tables that the statement defines or gives another type; none where the shadow saw it fail. */
export function statedColumns(context: StatementContext): StatedColumn[] {
  const { statement } = context;
  const create = fieldsOf(statement.node, 'CreateStmt');
  const alter = fieldsOf(statement.node, 'AlterTableStmt');
  const relation = (create ?? alter)?.relation;
  if (!relation || !statement.node || relation.relpersistence === 't' || failsInShadow(context)) return [];
  const table = relationOf(relation);
  const isFree = !create?.inhRelations;
  const one = (node: SqlNode | undefined, how: StatedColumn['how'], named?: string): StatedColumn[] => {
    const column = fieldsOf(node, 'ColumnDef');
    const name = named ?? column?.colname;
    const type = statedType(column?.typeName);
    const typeRange = column && rangeOfType(statement, column.typeName);
    if (!column || name === undefined || !type || !typeRange) return [];
    return [{ table, name, type, typeRange, column, constraints: constraintsOf(column), how, isFree }];
  };
  if (create) return (create.tableElts ?? []).flatMap((node) => one(node, 'create'));
  return alterTableCommands(statement.node).flatMap(({ subtype, name, def }) => {
    if (subtype === 'AT_AddColumn') return one(def, 'add');
    return subtype === 'AT_AlterColumnType' ? one(def, 'change', name) : [];
  });
}

/** Where a type stands: `character varying(20)`, `timestamp(3) without time zone`, `shop.money`. */
export function rangeOfType(statement: ParsedStatement, type: TypeName | undefined): TextRange | undefined {
  const name = writtenName(statement, type?.location);
  if (!name) return undefined;
  const tokens = tokensOf(statement);
  let at = tokens.findIndex(({ end }) => end >= name.end);
  const next = (pattern: RegExp): boolean => pattern.test(tokens[at + 1]?.text ?? '');
  const take = (pattern: RegExp): void => {
    if (next(pattern)) at++;
  };
  if (/^national$/i.test(tokens[at]?.text ?? '')) take(/^char(?:acter)?$/i);
  take(/^(?:varying|precision)$/i);
  if (next(/^\($/)) {
    const depth = tokens[at + 1]?.depth;
    at++;
    while (tokens[at + 1] && !(tokens[at]?.text === ')' && tokens[at]?.depth === depth)) at++;
  }
  if (next(/^with(?:out)?$/i) && /^time$/i.test(tokens[at + 2]?.text ?? '')) at += 3;
  return { start: name.start, end: tokens[at]?.end ?? name.end };
}

/**
 * True when an expression anywhere in the scripts names the column, in a CHECK, a generated column, an index, a view or a
 * policy: what holds for one type may not hold for another.
 */
export function isUsedInExpressions({ chain }: ProjectContext, column: string): boolean {
  return chain.some(({ up }) => up.statements.some(({ node }) => namesColumn(node, column)));
}

const definingStatements: ReadonlySet<string> = new Set<NodeType>([
  'CreateStmt',
  'AlterTableStmt',
  'IndexStmt',
  'ViewStmt',
  'CreateTableAsStmt',
  'CreatePolicyStmt',
]);

function namesColumn(node: SqlNode | undefined, column: string): boolean {
  if (!definingStatements.has(nodeType(node))) return false;
  let found = false;
  walk(node, (type, inner) => {
    if (type === 'ColumnRef' && nameParts(inner.fields).at(-1) === column) found = true;
    return !found;
  });
  return found;
}

/** True for a statement that makes a temporary table, index or view, or changes one by the schema `pg_temp`. */
export function isTemporary(relation: RangeVar | undefined): boolean {
  return relation?.relpersistence === 't' || relation?.schemaname === 'pg_temp';
}
