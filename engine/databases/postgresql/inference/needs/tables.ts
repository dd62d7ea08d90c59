import type { ColumnDef, PartitionBoundSpec, PartitionCmd } from '@pgsql/types';
import { type AlterTableCommand, alterTableCommands, fieldsOf, fieldsOfEach, nameFromList, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { type AssumedColumn, weights } from '../assumed-schema';
import type { LiveTable } from '../live-schema';
import { extensionTypes, typeBefore, typeNameOf } from '../type-names';
import { addConstraint, nameConstraint } from './constraints';
import { needIndex, useIndex } from './indexes';
import { type Needs, type StatementHandlers, tableOf } from './needs';

/** Statements that make and change tables. */
export const tableHandlers: StatementHandlers = {
  CreateStmt(inner, needs) {
    const { schema } = needs;
    const name = relationName(inner.relation);
    if (!name || (inner.if_not_exists === true && schema.existing(name))) return;
    const parents = (inner.inhRelations ?? []).map((parent) => tableOf(needs, parent));
    const live = schema.makeTable(name);
    for (const parent of parents) if (parent) schema.derive(live, parent);
    partitioned(needs, parents[0], inner.partbound);
    for (const element of inner.tableElts ?? []) {
      const like = fieldsOf(element, 'TableLikeClause');
      const source = like && tableOf(needs, like.relation);
      if (source) schema.derive(live, source);
      const column = fieldsOf(element, 'ColumnDef');
      if (column) addColumn(needs, live, column);
    }
    for (const constraint of fieldsOfEach(inner.tableElts, 'Constraint')) addConstraint(needs, live, constraint);
  },

  AlterTableStmt(inner, needs) {
    const { schema } = needs;
    const name = relationName(inner.relation);
    if (!name) return;
    const commands = alterTableCommands({ AlterTableStmt: inner });
    switch (inner.objtype) {
      case 'OBJECT_INDEX':
        needIndex(needs, name);
        for (const { def } of commands) needIndex(needs, relationName(fieldsOf(def, 'PartitionCmd')?.name));
        return;
      case 'OBJECT_SEQUENCE':
        return schema.requireSequence(name);
      case 'OBJECT_TYPE': {
        const type = schema.type(name, 'composite');
        for (const { subtype, name: part } of commands) {
          if (type && part !== undefined && subtype !== 'AT_AddColumn') type.parts.add(part);
        }
        return;
      }
      case 'OBJECT_VIEW':
      case 'OBJECT_MATVIEW': {
        const live = schema.table(name, inner.objtype === 'OBJECT_VIEW' ? 'view' : 'materialized view');
        if (live) for (const command of commands) alter(needs, live, command);
        return;
      }
      default: {
        const live = schema.table(name);
        if (live) for (const command of inPasses(commands)) alter(needs, live, command);
      }
    }
  },
};

/** The commands of ALTER TABLE in the order of the server's passes: what is dropped first, and constraints last. */
function inPasses(commands: readonly AlterTableCommand[]): AlterTableCommand[] {
  const pass = ({ subtype }: AlterTableCommand) =>
    /^AT_(?:Drop(?:Column|Constraint)|AlterColumnType)$/.test(subtype) ? 0 : subtype === 'AT_AddColumn' ? 1 : 2;
  return [0, 1, 2].flatMap((each) => commands.filter((command) => pass(command) === each));
}

/** A column that the history makes. */
function addColumn(needs: Needs, live: LiveTable, { colname: name, typeName, constraints }: ColumnDef): void {
  if (name === undefined) return;
  const type = typeNameOf(typeName);
  const column: AssumedColumn = {
    name,
    type: type ? needs.schema.typeText(type) : 'text',
    weight: weights.stated,
    notNull: false,
    extra: '',
  };
  if (!live.columns.has(name)) live.columns.set(name, column);
  live.dropped.delete(name);
  for (const constraint of fieldsOfEach(constraints, 'Constraint')) addConstraint(needs, live, constraint, name);
}

function alter(needs: Needs, live: LiveTable, { subtype, name, def }: AlterTableCommand): void {
  const { schema, queries, pending } = needs;
  const column = () => (name === undefined ? undefined : schema.column(live, name));
  const constraint = fieldsOf(def, 'Constraint');
  switch (subtype) {
    case 'AT_AddColumn': {
      const definition = fieldsOf(def, 'ColumnDef');
      const added = definition?.colname;
      if (live.assumed && added !== undefined && !live.assumed.columns.has(added)) live.assumed.added.add(added);
      if (definition) addColumn(needs, live, definition);
      return;
    }
    case 'AT_DropColumn':
      column();
      if (name !== undefined) {
        live.columns.delete(name);
        live.dropped.add(name);
      }
      return;
    case 'AT_AlterColumnType':
      return alterType(needs, live, column(), fieldsOf(def, 'ColumnDef'));
    case 'AT_ColumnDefault':
    case 'AT_CookedColumnDefault':
      return queries.relate({ column: column() }, queries.value(def, queries.scopeOf(live, '')));
    case 'AT_SetNotNull': {
      const target = column();
      if (target && live.assumed) pending.setNotNull(live.assumed, target.name);
      return;
    }
    case 'AT_DropNotNull': {
      const target = column();
      if (target) target.notNull = true;
      return;
    }
    case 'AT_AddIdentity': {
      const target = column();
      if (!target) return;
      queries.hint(target, 'bigint', weights.literal);
      target.notNull = true;
      return;
    }
    case 'AT_SetIdentity':
    case 'AT_DropIdentity':
    case 'AT_DropExpression':
    case 'AT_SetExpression': {
      const target = column();
      if (!target) return;
      target.extra = subtype.endsWith('Identity') ? 'identity' : 'generated';
      if (target.extra === 'identity') queries.hint(target, 'bigint', weights.literal);
      return;
    }
    case 'AT_AddConstraint':
      if (constraint) addConstraint(needs, live, constraint);
      return;
    case 'AT_DropConstraint':
    case 'AT_ValidateConstraint':
    case 'AT_AlterConstraint':
      return nameConstraint(needs, live, name ?? constraint?.conname ?? fieldsOf(def, 'ATAlterConstraint')?.conname, subtype);
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return partition(needs, live, subtype === 'AT_AttachPartition', fieldsOf(def, 'PartitionCmd'));
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return inherit(needs, live, tableOf(needs, def), subtype === 'AT_AddInherit');
    case 'AT_ClusterOn':
      return useIndex(needs, live, name, false);
    case 'AT_ReplicaIdentity':
      return useIndex(needs, live, fieldsOf(def, 'ReplicaIdentityStmt')?.name, true, true);
    case 'AT_EnableTrig':
    case 'AT_DisableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
      if (name !== undefined && !live.made.has(`trigger ${name}`)) live.assumed?.triggers.add(name);
      return;
    case 'AT_EnableRule':
    case 'AT_DisableRule':
    case 'AT_EnableAlwaysRule':
    case 'AT_EnableReplicaRule':
      if (name !== undefined && !live.made.has(`rule ${name}`)) live.assumed?.rules.add(name);
      return;
    default:
      column();
  }
}

function alterType(
  { schema, queries }: Needs,
  live: LiveTable,
  column: AssumedColumn | undefined,
  definition: ColumnDef | undefined,
): void {
  if (!column || !definition) return;
  const using = definition.raw_default;
  const type = typeNameOf(definition.typeName);
  if (type && column.weight < weights.stated) {
    const before =
      type.isBuiltIn || extensionTypes[type.name] ? typeBefore(type.text, using !== undefined) : using ? 'text' : schema.typeText(type);
    const isWhole = /^(?:big|small)?int/.test(type.name) || type.name === 'integer';
    queries.hint(
      column,
      zoned(using) ? (type.name === 'timestamp' ? 'timestamptz' : 'timestamp') : before,
      isWhole && !using ? weights.stated : weights.partner,
    );
    column.weight = Math.max(column.weight, weights.partner);
  }
  queries.value(using, queries.scopeOf(live, ''));
  if (type) live.columns.set(column.name, column);
}

/** True for a conversion by AT TIME ZONE. */
function zoned(using: SqlNode | undefined): boolean {
  return nameFromList(fieldsOf(using, 'FuncCall')?.funcname)?.name === 'timezone';
}

function partitioned({ queries, pending }: Needs, parent: LiveTable | undefined, bound: PartitionBoundSpec | undefined): void {
  if (!parent?.assumed || !bound) return;
  const valueOf = (datum: SqlNode) => queries.value(datum, queries.scopeOf(undefined, ''));
  const values = [...(bound.lowerdatums ?? []), ...(bound.listdatums ?? [])].map(valueOf);
  const uppers = (bound.upperdatums ?? []).map(valueOf);
  const strategy = bound.is_default === true ? undefined : bound.strategy === 'h' ? 'HASH' : bound.strategy === 'l' ? 'LIST' : 'RANGE';
  const types = (strategy === 'LIST' ? values.slice(0, 1) : values).map((value, index) => value.type ?? uppers[index]?.type);
  pending.partitioning(parent, parent.assumed, strategy, types);
}

function partition(needs: Needs, parent: LiveTable, isAttached: boolean, command: PartitionCmd | undefined): void {
  const child = tableOf(needs, command?.name);
  if (!child) return;
  if (isAttached) {
    partitioned(needs, parent, command?.bound);
    needs.pending.sameColumns(parent, child);
  } else if (parent.assumed && child.assumed) needs.pending.partition(parent, child);
  needs.schema.derive(child, parent);
}

function inherit({ pending }: Needs, child: LiveTable, parent: LiveTable | undefined, isAdded: boolean): void {
  if (!parent) return;
  pending.sameColumns(parent, child, true);
  if (!isAdded && child.assumed && parent.assumed) child.assumed.inherits.push(parent.assumed);
}
