import { handleEntry, handleNode, nodeEntry, nodeType } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import { type AssumedColumn, weights } from './assumed-schema';
import type { LiveSchema, LiveTable } from './live-schema';
import { expressionHandlers } from './queries/expressions';
import type { Queries, Scope } from './queries/queries';
import { queryHandlers } from './queries/statements';
import { accepts, nothing, type Value } from './queries/values';

/**
 * Finds what queries and expressions need of the relations that they name: the relations, their columns, and what the
 * columns' types must be. Everything is told to the schema.
 */
export class QueryNeeds implements Queries {
  readonly #literals = new Map<AssumedColumn, Set<string>>();
  readonly copied: { readonly from: LiveTable; readonly to: LiveTable }[] = [];

  constructor(readonly schema: LiveSchema) {}

  /** The strings that each column is compared with or set to: the labels of an enum. */
  get literals(): ReadonlyMap<AssumedColumn, ReadonlySet<string>> {
    return this.#literals;
  }

  scopeOf(table: LiveTable | undefined, ...aliases: string[]): Scope {
    return { tables: aliases.map((alias) => ({ alias, table })), common: new Set(), results: new Set(), parent: undefined };
  }

  query(node: SqlNode | undefined, parent?: Scope): Value[] {
    return (node && handleNode(queryHandlers, node, this, parent)) ?? [];
  }

  condition(node: SqlNode | undefined, scope: Scope): void {
    const { column } = this.value(node, scope);
    if (column) this.hint(column, 'boolean', weights.context);
  }

  value(node: SqlNode | undefined, scope: Scope): Value {
    if (!node) return nothing;
    const entry = nodeEntry(node);
    return handleEntry(expressionHandlers, entry, this, scope) ?? this.#parts(entry[1], scope);
  }

  #parts(fields: object, scope: Scope): Value {
    for (const each of Object.values(fields).flat() as unknown[]) if (isNode(each)) this.value(each, scope);
    return nothing;
  }

  hint(column: AssumedColumn, type: string, weight: number): void {
    if (weight <= column.weight || column.type === type) {
      if (column.type === type) column.weight = Math.max(weight, column.weight);
      return;
    }
    if (weight < weights.partner && accepts(column.type, type)) {
      column.weight = weight;
      return;
    }
    column.type = type;
    column.weight = weight;
  }

  relate(left: Value, right: Value): void {
    if (left.column && right.column) this.schema.assumed.links.push({ left: left.column, right: right.column });
    else if (left.column) this.#fit(left.column, right);
    else if (right.column) this.#fit(right.column, left);
  }

  #fit(column: AssumedColumn, { type, weight, literal }: Value): void {
    if (literal !== undefined) {
      const known = this.#literals.get(column) ?? new Set();
      this.#literals.set(column, known.add(literal));
    }
    if (type === undefined) return;
    const isOpen = column.weight === weights.name && column.type === 'text';
    if (literal !== undefined && weight === weights.literal && !isOpen && accepts(column.type, type, literal)) return;
    this.hint(column, type, weight ?? weights.context);
  }
}

/** True for a node, and not for bare fields, whose type the handlers do not know. */
function isNode(value: unknown): value is SqlNode {
  return typeof value === 'object' && value !== null && /^[A-Z]/.test(nodeType(value as SqlNode));
}
