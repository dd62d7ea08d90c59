import type { RelationName } from '../../shadow/observation';
import { alterTableCommands, asFields, asNodes, asText, fieldsOf, type Fields, nameParts } from '../../sql/nodes';
import type { ParsedStatement, SqlNode } from '../../sql/statement';
import type { MigrationContext, StatementContext } from '../check';
import { qualifiedName, type RangeVarLike } from './evidence';
import { constraintsOf } from './lock-causes';

/** A foreign key that a script of the chain adds. */
export interface ForeignKey {
  /** As it is written, or as the server would name it. */
  readonly name: string;
  readonly table: RelationName;
  readonly referenced: RelationName;
  readonly migration: MigrationContext;
  readonly statement: ParsedStatement;
}

/** The foreign keys that the scripts before the statement add and do not plainly drop again. */
export function foreignKeysBefore(context: StatementContext): ForeignKey[] {
  const found = new Map<string, ForeignKey>();
  for (const migration of context.project.chain) {
    for (const statement of migration.up.statements) {
      if (statement === context.statement || statement === context.inside) return [...found.values()];
      const { node } = statement;
      if (!node) continue;
      for (const key of keysIn(node)) found.set(`${key.table}.${key.name}`, { ...key, migration, statement });
      for (const name of droppedIn(node)) found.delete(name);
    }
    if (migration === context.migration) break;
  }
  return [...found.values()];
}

function keysIn(node: SqlNode): Omit<ForeignKey, 'migration' | 'statement'>[] {
  const create = fieldsOf(node, 'CreateStmt');
  const alter = fieldsOf(node, 'AlterTableStmt');
  const relation = asFields(create?.['relation'] ?? alter?.['relation']);
  if (!relation) return [];
  const elements = create ? asNodes(create['tableElts']) : asNodes(alterTableCommands(node).map(({ def }) => def));
  return elements.flatMap((element) => {
    const column = fieldsOf(element, 'ColumnDef');
    const own = fieldsOf(element, 'Constraint');
    const constraints = column ? constraintsOf(column) : own ? [own] : [];
    return constraints
      .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
      .map((constraint) => keyOf(constraint, relation as RangeVarLike, asText(column?.['colname'])));
  });
}

function keyOf(constraint: Fields, relation: RangeVarLike, column: string | undefined) {
  const columns = column === undefined ? nameParts(constraint['fk_attrs']) : [column];
  const name = asText(constraint['conname']) ?? `${relation.relname}_${columns.join('_')}_fkey`;
  const referenced = qualifiedName((asFields(constraint['pktable']) ?? {}) as RangeVarLike);
  return { name, table: qualifiedName(relation), referenced };
}

function droppedIn(node: SqlNode): string[] {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!alter) return [];
  const table = qualifiedName((asFields(alter['relation']) ?? {}) as RangeVarLike);
  return alterTableCommands(node)
    .filter(({ subtype }) => subtype === 'AT_DropConstraint')
    .map(({ name }) => `${table}.${name}`);
}
