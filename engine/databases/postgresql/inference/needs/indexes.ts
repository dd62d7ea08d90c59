import { fieldsOf, nameFromList, type QualifiedName, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { type AssumedColumn, weights } from '../assumed-schema';
import type { LiveTable } from '../live-schema';
import { operatorClasses } from '../type-names';
import { type Needs, type StatementHandlers, tableOf } from './needs';

/** Statements about indexes. */
export const indexHandlers: StatementHandlers = {
  IndexStmt({ relation, idxname: name, accessMethod: method, indexParams, indexIncludingParams, whereClause }, needs) {
    const live = tableOf(needs, relation);
    const table = relationName(relation);
    if (name !== undefined) needs.schema.made(`index ${needs.schema.keyOf({ schema: table?.schema, name })}`);
    if (!live) return;
    for (const element of indexParams ?? []) indexElement(needs, live, element, method);
    for (const element of indexIncludingParams ?? []) indexElement(needs, live, element, undefined);
    needs.queries.condition(whereClause, needs.queries.scopeOf(live, table?.name ?? ''));
  },

  ClusterStmt: ({ relation, indexname }, needs) => useIndex(needs, tableOf(needs, relation), indexname, false),

  ReindexStmt({ kind, relation, name }, needs) {
    if (kind === 'REINDEX_OBJECT_TABLE') tableOf(needs, relation);
    else if (kind === 'REINDEX_OBJECT_INDEX') needIndex(needs, relationName(relation));
    else if (kind === 'REINDEX_OBJECT_SCHEMA') needs.schema.requireSchema(name ?? 'public');
  },
};

/** One element of an index or of an exclusion constraint. */
export function indexElement(needs: Needs, live: LiveTable, element: SqlNode | undefined, method: string | undefined): void {
  const { queries, schema } = needs;
  const inner = fieldsOf(element, 'IndexElem');
  if (!inner) return;
  const { name, expr, opclass } = inner;
  const column = name === undefined ? queries.value(expr, queries.scopeOf(live, '')).column : schema.column(live, name);
  const classes = operatorClasses[nameFromList(opclass)?.name ?? ''];
  if (classes?.extension !== undefined) schema.requireExtension(classes.extension);
  if (!column) return;
  if (classes) queries.hint(column, classes.type, weights.literal);
  else if (method === 'gin') queries.hint(column, ginType(column), weights.literal);
  else if (method === 'gist')
    queries.hint(column, /(?:range|period|during|valid)/.test(column.name) ? 'tstzrange' : 'point', weights.context);
}

function ginType({ name, type }: AssumedColumn): string {
  if (/\[\]$|^(?:jsonb|tsvector)$/.test(type)) return type;
  if (/(?:search|tsv|vector|document)/.test(name)) return 'tsvector';
  return /(?:tags|labels|ids|roles|names|categories|keywords|emails)$/.test(name) ? 'text[]' : 'jsonb';
}

/** An index that a statement names without saying on which table. */
export function needIndex({ schema, pending }: Needs, name: QualifiedName | undefined): void {
  if (name && schema.needs(`index ${schema.keyOf(name)}`)) pending.index(name, schema);
}

/** An index that a statement names, of a table. */
export function useIndex(needs: Needs, live: LiveTable | undefined, name: string | undefined, unique: boolean, notNull = false): void {
  if (!live?.assumed || name === undefined) return;
  if (needs.schema.needs(`index ${live.assumed.schema}.${name}`)) needs.pending.tableIndex(live.assumed, name, unique, notNull);
}
