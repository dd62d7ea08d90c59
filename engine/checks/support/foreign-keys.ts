import type { RelationName } from '../../shadow/observation';
import { alterTableCommands, asFields, asNodes, asText, fieldsOf, type Fields, nameParts } from '../../sql/nodes';
import type { ParsedStatement, SqlNode } from '../../sql/statement';
import type { MigrationContext, StatementContext } from '../check';
import { constraintsIn } from './column-definitions';
import { relationOf } from './evidence';

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
      const { made, dropped } = changesIn(node);
      for (const key of made) found.set(`${key.table}.${key.name}`, { ...key, migration, statement });
      for (const name of dropped) found.delete(name);
    }
    if (migration === context.migration) break;
  }
  return [...found.values()];
}

interface KeyChanges {
  readonly made: readonly Omit<ForeignKey, 'migration' | 'statement'>[];
  readonly dropped: readonly string[];
}

const known = new WeakMap<SqlNode, KeyChanges>();

function changesIn(node: SqlNode): KeyChanges {
  const before = known.get(node);
  if (before) return before;
  const changes = { made: keysIn(node), dropped: droppedIn(node) };
  known.set(node, changes);
  return changes;
}

function keysIn(node: SqlNode): Omit<ForeignKey, 'migration' | 'statement'>[] {
  const create = fieldsOf(node, 'CreateStmt');
  const alter = fieldsOf(node, 'AlterTableStmt');
  const relation = asFields(create?.['relation'] ?? alter?.['relation']);
  if (!relation) return [];
  const elements = create ? asNodes(create['tableElts']) : asNodes(alterTableCommands(node).map(({ def }) => def));
  return elements.flatMap((element) => {
    return constraintsIn(element)
      .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
      .map((constraint) => keyOf(constraint, relation, asText(fieldsOf(element, 'ColumnDef')?.['colname'])));
  });
}

function keyOf(constraint: Fields, relation: Fields, column: string | undefined) {
  const columns = column === undefined ? nameParts(constraint['fk_attrs']) : [column];
  const name = asText(constraint['conname']) ?? `${asText(relation['relname']) ?? ''}_${columns.join('_')}_fkey`;
  const referenced = relationOf(constraint['pktable']);
  return { name, table: relationOf(relation), referenced };
}

function droppedIn(node: SqlNode): string[] {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!alter) return [];
  const table = relationOf(alter['relation']);
  return alterTableCommands(node)
    .filter(({ subtype }) => subtype === 'AT_DropConstraint')
    .map(({ name }) => `${table}.${name}`);
}
