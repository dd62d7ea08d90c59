import type { RangeVar } from '@pgsql/types';
import { fieldsOfEach, nameParts, relationName } from '../../sql/nodes';
import type { SqlNode } from '../../sql/statement';
import { type Needs, type StatementHandlers, tableOf } from './needs';

/** Statements that read and write rows, and those that are made of queries. */
export const queryHandlers: StatementHandlers = {
  SelectStmt: (inner, { queries }) => void queries.query({ SelectStmt: inner }),
  InsertStmt: (inner, { queries }) => void queries.query({ InsertStmt: inner }),
  UpdateStmt: (inner, { queries }) => void queries.query({ UpdateStmt: inner }),
  DeleteStmt: (inner, { queries }) => void queries.query({ DeleteStmt: inner }),
  MergeStmt: (inner, { queries }) => void queries.query({ MergeStmt: inner }),
  ExplainStmt: ({ query }, { queries }) => void queries.query(query),
  PrepareStmt: ({ query }, { queries }) => void queries.query(query),
  DeclareCursorStmt: ({ query }, { queries }) => void queries.query(query),
  ViewStmt: ({ view, query }, needs) => makeQueried(needs, view, query),
  CreateTableAsStmt: ({ into, query }, needs) => makeQueried(needs, into?.rel, query),
  TruncateStmt: ({ relations }, needs) => needTables(needs, relations),
  LockStmt: ({ relations }, needs) => needTables(needs, relations),

  CopyStmt({ query, relation, attlist }, needs) {
    needs.queries.query(query);
    const live = tableOf(needs, relation);
    for (const name of nameParts(attlist)) if (live) needs.schema.column(live, name);
  },

  VacuumStmt({ rels }, needs) {
    for (const { relation, va_cols: columns } of fieldsOfEach(rels, 'VacuumRelation')) {
      const table = tableOf(needs, relation);
      for (const name of nameParts(columns)) if (table) needs.schema.column(table, name);
    }
  },

  RefreshMatViewStmt({ relation, concurrent }, needs) {
    const live = tableOf(needs, relation, 'materialized view');
    if (!live?.assumed || concurrent !== true) return;
    needs.schema.column(live, live.columns.keys().next().value ?? 'id');
    if (live.assumed.indexes.size === 0) live.assumed.uniques.push([[...live.assumed.columns.keys()][0] ?? 'id']);
  },

  CreateStatsStmt({ relations = [], exprs }, needs) {
    for (const relation of relations) {
      const live = tableOf(needs, relation);
      if (!live) continue;
      for (const { name, expr } of fieldsOfEach(exprs, 'StatsElem')) {
        if (name !== undefined) needs.schema.column(live, name);
        needs.queries.value(expr, needs.queries.scopeOf(live, ''));
      }
    }
  },
};

function needTables(needs: Needs, relations: readonly SqlNode[] = []): void {
  for (const relation of relations) tableOf(needs, relation);
}

function makeQueried({ schema, queries }: Needs, rangeVar: RangeVar | undefined, query: SqlNode | undefined): void {
  queries.query(query);
  const name = relationName(rangeVar);
  if (name) schema.makeTable(name);
}
