import type { JoinExpr, RangeVar, WithClause } from '@pgsql/types';
import { fieldsOfEach, nameParts, nodeEntry, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import type { AssumedColumn } from '../assumed-schema';
import type { NamedTable, Queries, Scope } from './queries';

/** The scope of a query, in which its WITH clause is known and no relation yet. */
export function scopeOfQuery(queries: Queries, withClause: WithClause | undefined, parent: Scope | undefined): Scope {
  const common = new Set<string>();
  const scope: Scope = { tables: [], common, results: new Set(), parent };
  for (const { ctename: name, ctequery } of fieldsOfEach(withClause?.ctes, 'CommonTableExpr')) {
    if (name !== undefined) common.add(name);
    queries.query(ctequery, scope);
  }
  return scope;
}

/** The relation of a RangeVar, or undefined for a common table expression. */
export function namedTable({ schema }: Queries, rangeVar: RangeVar | undefined, scope: Scope): NamedTable {
  const name = relationName(rangeVar);
  const alias = rangeVar?.alias?.aliasname ?? name?.name ?? '';
  if (!name || (name.schema === undefined && isCommon(name.name, scope))) return { alias, table: undefined };
  return { alias, table: schema.table(name) };
}

function isCommon(name: string, scope: Scope | undefined): boolean {
  for (let each = scope; each; each = each.parent) if (each.common.has(name)) return true;
  return false;
}

/** Adds the relations of an item of FROM to the scope. */
export function addItem(queries: Queries, item: SqlNode, scope: Scope): void {
  const [type, inner] = nodeEntry(item);
  switch (type) {
    case 'RangeVar':
      scope.tables.push(namedTable(queries, inner, scope));
      return;
    case 'JoinExpr':
      return addJoin(queries, inner, scope);
    case 'RangeSubselect':
      queries.query(inner.subquery, scope);
      break;
    default:
      queries.value(item, scope);
  }
  const alias = 'alias' in inner ? inner.alias?.aliasname : undefined;
  scope.tables.push({ alias: alias ?? '', table: undefined });
}

function addJoin(queries: Queries, { larg: left, rarg: right, quals, usingClause }: JoinExpr, scope: Scope): void {
  const { schema } = queries;
  const before = scope.tables.length;
  if (left) addItem(queries, left, scope);
  const middle = scope.tables.length;
  if (right) addItem(queries, right, scope);
  queries.condition(quals, scope);
  for (const name of nameParts(usingClause)) {
    const sides = [scope.tables.slice(before, middle), scope.tables.slice(middle)].map(
      (tables) => tables.find(({ table }) => table && schema.knowsColumn(table, name)) ?? tables[0],
    );
    const [first, second] = sides.map((side) => (side?.table ? schema.column(side.table, name) : undefined));
    queries.relate({ column: first }, { column: second });
  }
}

/** The column that a name stands for; undefined where that is not known. */
export function columnNamed({ schema }: Queries, parts: readonly string[], scope: Scope): AssumedColumn | undefined {
  const name = parts.at(-1);
  const qualifier = parts.at(-2);
  if (name === undefined) return undefined;
  for (let each: Scope | undefined = scope; each; each = each.parent) {
    if (qualifier !== undefined) {
      const found = each.tables.find(({ alias }) => alias === qualifier);
      if (found) return found.table && schema.column(found.table, name);
      continue;
    }
    if (each.tables.some(({ alias }) => alias === name)) return undefined;
    const known = each.tables.find(({ table }) => table && schema.knowsColumn(table, name));
    if (known?.table) return schema.column(known.table, name);
    // What is in a subquery or a function is not known, so the column may be one of its results.
    if (each.tables.some(({ table }) => !table)) return undefined;
    const open = each.tables.find(({ table }) => table?.assumed !== undefined || (table?.sources.length ?? 0) > 0);
    if (open?.table) return schema.column(open.table, name);
  }
  return undefined;
}
