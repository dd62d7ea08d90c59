import type { ConstrType, Constraint, RangeVar } from '@pgsql/types';
import type { RelationName } from '../../../../databases/observation';
import { alterTableCommands, fieldsOf, nameParts, nodeType, type NodeType } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { MigrationContext, StatementContext } from '../../../context/context';
import { constraintsIn, elementsOf } from './column-definitions';
import { isSameUnit, relationOf, tablesBornInUnit } from './evidence';

/** A foreign key that a script of the chain adds. */
export interface ForeignKey {
  /** As it is written, or as the server would name it. */
  readonly name: string;
  readonly table: RelationName;
  readonly referenced: RelationName;
  readonly columns: readonly string[];
  /** Empty where the statement leaves it to the primary key. */
  readonly referencedColumns: readonly string[];
  readonly isDeferrable: boolean;
  /** INITIALLY DEFERRED. */
  readonly isDeferred: boolean;
  /** True when the key only refuses, and does nothing of its own, on these. */
  readonly onlyChecks: { readonly deletes: boolean; readonly updates: boolean };
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
      const { made, dropped, altered } = changesIn(node);
      for (const key of made) found.set(`${key.table}.${key.name}`, { ...key, migration, statement });
      for (const [name, change] of altered) {
        const key = found.get(name);
        if (key) found.set(name, { ...key, ...change });
      }
      for (const name of dropped) found.delete(name);
    }
    if (migration === context.migration) break;
  }
  return [...found.values()];
}

interface KeyChanges {
  readonly made: readonly Omit<ForeignKey, 'migration' | 'statement'>[];
  readonly dropped: readonly string[];
  readonly altered: readonly (readonly [string, Pick<ForeignKey, 'isDeferrable' | 'isDeferred'>])[];
}

const known = new WeakMap<SqlNode, KeyChanges>();

function changesIn(node: SqlNode): KeyChanges {
  const before = known.get(node);
  if (before) return before;
  const changes = { made: keysIn(node), dropped: droppedIn(node), altered: alteredIn(node) };
  known.set(node, changes);
  return changes;
}

function keysIn(node: SqlNode): Omit<ForeignKey, 'migration' | 'statement'>[] {
  const relation = (fieldsOf(node, 'CreateStmt') ?? fieldsOf(node, 'AlterTableStmt'))?.relation;
  if (!relation) return [];
  return elementsOf(node).flatMap((element) =>
    withAttributes(constraintsIn(element))
      .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
      .map((constraint) => keyOf(constraint, relation, fieldsOf(element, 'ColumnDef')?.colname)),
  );
}

/** In the definition of a column, DEFERRABLE and the like are constraints of their own behind the one that they are about. */
function withAttributes(constraints: readonly Constraint[]): Constraint[] {
  const found: Constraint[] = [];
  for (const constraint of constraints) {
    const last = found.at(-1);
    const attribute = constraint.contype && attributes[constraint.contype];
    if (!attribute) found.push(constraint);
    else if (last) found[found.length - 1] = { ...last, ...attribute };
  }
  return found;
}

const attributes: { readonly [Type in ConstrType]?: Constraint } = {
  CONSTR_ATTR_DEFERRABLE: { deferrable: true },
  CONSTR_ATTR_NOT_DEFERRABLE: { deferrable: false },
  CONSTR_ATTR_DEFERRED: { deferrable: true, initdeferred: true },
  CONSTR_ATTR_IMMEDIATE: { initdeferred: false },
};

function keyOf(constraint: Constraint, relation: RangeVar, column: string | undefined) {
  const columns = column === undefined ? nameParts(constraint.fk_attrs) : [column];
  const name = constraint.conname ?? `${relation.relname ?? ''}_${columns.join('_')}_fkey`;
  return {
    name,
    table: relationOf(relation),
    referenced: relationOf(constraint.pktable),
    columns,
    referencedColumns: nameParts(constraint.pk_attrs),
    ...deferralOf(constraint),
    onlyChecks: { deletes: isNoAction(constraint.fk_del_action), updates: isNoAction(constraint.fk_upd_action) },
  };
}

function deferralOf({
  deferrable,
  initdeferred,
}: Pick<Constraint, 'deferrable' | 'initdeferred'>): Pick<ForeignKey, 'isDeferrable' | 'isDeferred'> {
  return { isDeferrable: deferrable === true || initdeferred === true, isDeferred: initdeferred === true };
}

function isNoAction(action: string | undefined): boolean {
  return action === undefined || action === 'a';
}

/** ALTER CONSTRAINT, which only changes whether the key can be deferred. */
function alteredIn(node: SqlNode): KeyChanges['altered'] {
  const alter = fieldsOf(node, 'AlterTableStmt');
  const table = alter && relationOf(alter.relation);
  return alterTableCommands(node).flatMap(({ subtype, def }) => {
    const change = fieldsOf(def, 'Constraint') ?? fieldsOf(def, 'ATAlterConstraint');
    return subtype === 'AT_AlterConstraint' && change ? [[`${table}.${change.conname}`, deferralOf(change)] as const] : [];
  });
}

function droppedIn(node: SqlNode): string[] {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (!alter) return [];
  const table = relationOf(alter.relation);
  return alterTableCommands(node)
    .filter(({ subtype }) => subtype === 'AT_DropConstraint')
    .map(({ name }) => `${table}.${name}`);
}

/**
 * True when the foreign key is added to a table that the deployment unit makes and that nothing has filled since: the server then
 * reads neither table. Judged by the scripts, as the referenced table's made-up rows are so few that the shadow starts reading them.
 */
export function isOfNewEmptyTable(context: StatementContext): boolean {
  const { statement, migration, project, inside } = context;
  const relation = fieldsOf(statement.node, 'AlterTableStmt')?.relation;
  const name = relation?.relname;
  if (inside || name === undefined || !tablesBornInUnit(migration, project).has(relationOf(relation))) return false;
  const before = project.chain.filter((member) => isSameUnit(member, migration)).flatMap(({ up }) => up.statements);
  const earlier = before.slice(0, before.indexOf(statement));
  return earlier.every(({ node, text }) => (node && definesOnly.has(nodeType(node))) || !text.includes(name));
}

/** Statements that put no rows into a table. */
const definesOnly: ReadonlySet<string> = new Set<NodeType>([
  'CreateStmt',
  'AlterTableStmt',
  'IndexStmt',
  'CommentStmt',
  'CreateTrigStmt',
  'DropStmt',
]);
