import type { QualifiedName } from '../sql/nodes';
import { type AssumedColumn, type AssumedTable, weights } from './assumed-schema';
import { columnsInName, knownColumnsInName, referencedTable, tableInName } from './guessed-columns';
import type { LiveSchema, LiveTable } from './live-schema';
import { typeByName } from './type-names';

interface ConstraintRequest {
  /** For VALIDATE: it is there, but not valid yet. */
  readonly notValid: boolean;
  readonly isForeign: boolean;
}

/**
 * Objects that scripts name without saying what they are made of: constraints, indexes, partitions. They are settled at the
 * end, when all columns are known, because their names are made of columns'.
 */
export class PendingNames {
  readonly #constraints: { table: AssumedTable; name: string; request: ConstraintRequest }[] = [];
  readonly #tableIndexes: { table: AssumedTable; name: string; unique: boolean; notNull: boolean }[] = [];
  readonly #indexes: { schema: string; name: string; script: number }[] = [];
  readonly #partitioned: {
    parent: LiveTable;
    table: AssumedTable;
    strategy: 'RANGE' | 'LIST' | 'HASH' | undefined;
    types: readonly (string | undefined)[];
  }[] = [];
  readonly #partitions: { parent: LiveTable; child: LiveTable }[] = [];
  readonly #alike: { parent: LiveTable; child: LiveTable; onlyDown: boolean }[] = [];
  readonly #sameOrder: (readonly [AssumedTable, AssumedTable])[] = [];
  readonly #notNull = new Map<AssumedTable, Set<string>>();

  constraint(table: AssumedTable, name: string, request: ConstraintRequest): void {
    this.#constraints.push({ table, name, request });
  }

  tableIndex(table: AssumedTable, name: string, unique: boolean, notNull: boolean): void {
    this.#tableIndexes.push({ table, name, unique, notNull });
  }

  index(name: QualifiedName, schema: LiveSchema): void {
    this.#indexes.push({ schema: schema.schemaOf(name), name: name.name, script: schema.script });
  }

  partitioning(
    parent: LiveTable,
    table: AssumedTable,
    strategy: 'RANGE' | 'LIST' | 'HASH' | undefined,
    types: readonly (string | undefined)[],
  ): void {
    this.#partitioned.push({ parent, table, strategy, types });
  }

  partition(parent: LiveTable, child: LiveTable): void {
    this.#partitions.push({ parent, child });
  }

  /** The child must have the parent's columns; a partition has no others, so that the parent has the child's too. */
  sameColumns(parent: LiveTable, child: LiveTable, onlyDown = false): void {
    this.#alike.push({ parent, child, onlyDown });
  }

  /** The rows of one are those of the other as they are, so that the same columns stand in the same order. */
  sameOrder(from: LiveTable, to: LiveTable): void {
    const [one, other] = [from, to].map((live) => (live.assumed || live.sources.length !== 1 ? live : (live.sources[0] ?? live)));
    if (!one?.assumed || !other?.assumed || one === other) return;
    this.sameColumns(other, one);
    this.#sameOrder.push([other.assumed, one.assumed]);
  }

  setNotNull(table: AssumedTable, column: string): void {
    this.#notNull.set(table, (this.#notNull.get(table) ?? new Set()).add(column));
  }

  settle(schema: LiveSchema): void {
    this.#settlePartitions(schema);
    for (const pair of this.#alike) this.#settleAlike(schema, pair);
    for (const { table, name, request } of this.#constraints) this.#settleConstraint(schema, table, name, request);
    for (const { table, name, unique, notNull } of this.#tableIndexes) settleIndex(table, name, unique, notNull);
    for (const request of this.#indexes) this.#settleFreeIndex(schema, request);
    for (const pair of this.#alike) this.#settleAlike(schema, pair);
    for (const [first, second] of this.#sameOrder) reorder(second.columns, [...first.columns.keys()]);
  }

  #settlePartitions(schema: LiveSchema): void {
    for (const { parent, table, strategy, types } of this.#partitioned) {
      if (table.partitionedBy && strategy === undefined) continue;
      const columns = keyColumns(schema, parent, table, strategy ?? 'RANGE', types);
      table.partitionedBy = { strategy: strategy ?? 'RANGE', columns };
    }
    for (const { parent, child } of this.#partitions) {
      const { assumed } = parent;
      if (!assumed || !child.assumed || assumed === child.assumed) continue;
      this.sameColumns(parent, child);
      assumed.partitionedBy ??= { strategy: 'RANGE', columns: keyColumns(schema, parent, assumed, 'RANGE', []) };
      if (!assumed.partitions.some(({ table }) => table === child.assumed) && !isBelow(assumed, child.assumed)) {
        assumed.partitions.push({ table: child.assumed, place: assumed.partitions.length });
      }
    }
  }

  #settleAlike(schema: LiveSchema, { parent, child, onlyDown }: { parent: LiveTable; child: LiveTable; onlyDown: boolean }): void {
    const down = parent.assumed ? parent.assumed.columns : parent.columns;
    const up = child.assumed ? child.assumed.columns : child.columns;
    const pairs: (readonly [LiveTable, ReadonlyMap<string, unknown>])[] = onlyDown
      ? [[child, down]]
      : [
          [child, down],
          [parent, up],
        ];
    for (const [receiver, source] of pairs) {
      for (const name of [...source.keys()]) {
        if (receiver.assumed && !receiver.assumed.columns.has(name)) this.#addColumn(schema, receiver, name);
      }
    }
    for (const [name, column] of down) {
      const other = up.get(name);
      if (other && other !== column) schema.assumed.links.push({ left: column, right: other });
    }
  }

  #addColumn(schema: LiveSchema, live: LiveTable, name: string): void {
    live.dropped.delete(name);
    const { sources } = live;
    schema.column({ ...live, sources: sources.filter(({ assumed }) => assumed === live.assumed) }, name);
  }

  #settleConstraint(schema: LiveSchema, table: AssumedTable, name: string, { notValid, isForeign }: ConstraintRequest): void {
    const known = new Set(table.columns.keys());
    if (isForeign || /_fkey\d*$|_fk\d*$|^fk_|_foreign$|^fk[A-Z_]/.test(name)) return this.#settleForeignKey(schema, table, name, notValid);
    if (/_pkey$|^pk_|_pk$/.test(name)) {
      const named = columnsInName(name, table.name, known);
      const columns = table.primaryKey ?? (named.length > 0 ? named : ['id']);
      for (const column of columns) addColumn(table, column);
      table.primaryKey = columns;
      table.constraints.set(name, { name, kind: 'primary', columns, notValid: false });
      return;
    }
    if (!notValid && /_key\d*$|_uniq(?:ue)?$|_uq$|_uk$|^(?:uq|uk|unique|uniq)_/.test(name)) {
      const named = columnsInName(name, table.name, known);
      const columns = named.length > 0 ? named : [[...known][0] ?? 'id'];
      for (const column of columns) addColumn(table, column);
      table.constraints.set(name, { name, kind: 'unique', columns, notValid: false });
      return;
    }
    const targets = [...(this.#notNull.get(table) ?? [])];
    const named = knownColumnsInName(name, table.name, known);
    const columns = named.length > 0 ? named : targets.length === 1 ? targets : [];
    table.constraints.set(name, { name, kind: 'check', columns, notValid });
  }

  #settleForeignKey(schema: LiveSchema, table: AssumedTable, name: string, notValid: boolean): void {
    const own = new Set(table.columns.keys());
    const inside = knownColumnsInName(name, table.name, own);
    const named = inside.length > 0 ? inside : columnsInName(name, table.name, own).slice(0, 1);
    const stem = named[0] ?? 'parent_id';
    const known = [...schema.tables.values()].flatMap(({ assumed }) => assumed ?? []);
    // `fk_orders_customers` names the other table, `orders_customer_id_fkey` the column.
    const byTable = known.find((each) => each.name === stem && each !== table);
    const column = byTable ? `${stem.replace(/s$/, '')}_id` : own.has(stem) || /_id$/.test(stem) ? stem : `${stem.replace(/s$/, '')}_id`;
    const wanted = byTable?.name ?? (/s$/.test(stem) ? stem : referencedTable(column));
    schema.script = table.neededBy;
    const target = schema.table({ schema: table.schema, name: wanted });
    if (!target?.assumed) return void table.constraints.set(name, { name, kind: 'check', columns: [], notValid });
    const key = (target.assumed.primaryKey ??= ['id']);
    const referenced = schema.column(target, key[0] ?? 'id');
    const left = addColumn(table, column);
    if (referenced) schema.assumed.links.push({ left, right: referenced });
    table.constraints.set(name, { name, kind: 'foreign', columns: [column], notValid, target: target.assumed });
  }

  #settleFreeIndex(schema: LiveSchema, { schema: space, name, script }: { schema: string; name: string; script: number }): void {
    const inSpace = [...schema.assumed.tables.values()].filter((table) => table.schema === space);
    if (inSpace.some(({ indexes, constraints }) => indexes.has(name) || constraints.has(name))) return;
    const all = [...schema.tables].flatMap(([key, live]) =>
      key.startsWith(`${space}.`) ? [[key.slice(space.length + 1), live] as const] : [],
    );
    const chosen = tableInName(name, [...new Set([...inSpace.map((table) => table.name), ...all.map(([own]) => own)])]);
    const existing = inSpace.find((table) => table.name === chosen);
    // One on a table that the history makes has to be made by the history as well.
    if (!existing && all.some(([own]) => own === chosen)) return;
    schema.script = script;
    const table = existing ?? schema.table({ schema: space, name: chosen })?.assumed;
    if (table) settleIndex(table, name, /(?:^|_)(?:uq|unique|uniq|uk|key)(?:_|$)/.test(name), false);
  }
}

function settleIndex(table: AssumedTable, name: string, unique: boolean, notNull: boolean): void {
  if (table.indexes.has(name)) return;
  const isPrimary = /_pkey$|^pk_|_pk$/.test(name);
  const known = new Set(table.columns.keys());
  const named = columnsInName(name, table.name, known);
  const columns = isPrimary && named.length === 0 ? ['id'] : named.length > 0 ? named : [[...known][0] ?? 'id'];
  for (const column of columns) {
    const target = addColumn(table, column);
    if (notNull) target.notNull = true;
  }
  table.indexes.set(name, { name, columns, unique });
}

function addColumn(table: AssumedTable, name: string): AssumedColumn {
  const known = table.columns.get(name);
  if (known) return known;
  const made: AssumedColumn = { name, type: typeByName(name), weight: weights.name, notNull: false, extra: '' };
  table.columns.set(name, made);
  return made;
}

/** Puts the keys that both have into the given order, all others behind them. */
function reorder<T>(map: Map<string, T>, order: readonly string[]): void {
  const entries = [...map].sort(([a], [b]) => placeIn(order, a) - placeIn(order, b));
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function placeIn(order: readonly string[], key: string): number {
  const place = order.indexOf(key);
  return place < 0 ? order.length : place;
}

/** Columns that a table can be partitioned by: known ones of the types of the bounds, or new ones. */
function keyColumns(
  schema: LiveSchema,
  parent: LiveTable,
  table: AssumedTable,
  strategy: 'RANGE' | 'LIST' | 'HASH',
  types: readonly (string | undefined)[],
): string[] {
  const chosen: string[] = [];
  const wanted = types.length > 0 ? types : [strategy === 'HASH' ? 'bigint' : strategy === 'LIST' ? 'text' : 'timestamptz'];
  for (const type of wanted) {
    const family = familyOf(type ?? 'timestamptz');
    const known = [...table.columns.values()].find((column) => !chosen.includes(column.name) && familyOf(column.type) === family);
    const fallback =
      { time: 'created_at', number: strategy === 'HASH' ? 'id' : 'partition_number', text: 'partition_name' }[family] ?? 'partition_key';
    const name = known?.name ?? (chosen.includes(fallback) ? `${fallback}_${chosen.length + 1}` : fallback);
    const column = schema.column(parent, name) ?? addColumn(table, name);
    if (!known && column.weight < weights.literal) {
      column.type = family === 'time' ? 'timestamptz' : family === 'number' ? 'bigint' : (type ?? 'text');
      column.weight = weights.literal;
    }
    chosen.push(column.name);
  }
  return chosen;
}

function familyOf(type: string): string {
  if (/^(?:date|timestamp)/.test(type)) return 'time';
  if (/^(?:smallint|integer|bigint|numeric)/.test(type)) return 'number';
  return /^(?:text|varchar|char)/.test(type) ? 'text' : type;
}

/** True when `table` is a partition of `other` at some depth. */
function isBelow(table: AssumedTable, other: AssumedTable): boolean {
  return other.partitions.some(({ table: each }) => each === table || isBelow(table, each));
}
