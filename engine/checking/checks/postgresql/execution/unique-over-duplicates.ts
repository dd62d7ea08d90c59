import type { ColumnDef, Constraint, IndexStmt } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { TextRange } from '../../../../core/text';
import { alterTableCommands, fieldsOf, fieldsOfEach, nameParts, nodeType, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, isSerial } from '../support/column-definitions';
import { definitionsOf, orderIn, orderOf } from '../support/definitions';
import { displayName, failsInShadow, headOf, isSameUnit, relationOf, tablesBornInUnit } from '../support/evidence';
import { failsOnRows } from '../../support/rows-evidence';
import { statementContexts } from '../../../context/statement-contexts';
import { nameIn, tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'unique-over-duplicates',
  hazards: ['P45'],
  severity: 'warning',
  looksInside: true,
  summary: 'Builds a unique index or constraint on columns that may contain duplicates, and fails if they do.',
  looksAhead: true,
  *statement(context) {
    const { statement, migration, project } = context;
    if (!statement.node || failsInShadow(context)) return;
    const table = tableOf(statement.node);
    if (table === undefined || tablesBornInUnit(migration, project).has(table)) return;
    const verified = failsOnRows(context, ['23505']);
    const rows = project.statistics?.tables.get(table)?.rows;
    for (const key of keysIn(statement.node)) {
      if (key.isRepeatedDefault) {
        yield {
          range: key.range(context) ?? headOf(statement),
          severity: 'error',
          message: `Fails if ${displayName(table)} has two rows: all get the same default in a unique column`,
          advice: 'Add the column without a default, fill it with unique values, and add the constraint in a later migration.',
          verified,
        };
        continue;
      }
      if (!verified && (isKnownUnique(context, table, key) || isNewColumn(context, table, key) || isClearedBefore(context, table)))
        continue;
      if (rows !== undefined && rows < 2) continue;
      yield {
        range: key.range(context) ?? headOf(statement),
        cause: '',
        message: `Fails if ${displayName(table)} contains duplicates, which nothing has prevented so far`,
        details: key.concurrently ? 'A failed build leaves an invalid index behind.' : undefined,
        advice: `Look for duplicates in every target first, and remove them in an earlier migration: ${preCheck(table, key, context)};`,
        verified,
      };
    }
  },
};

/** Columns or expressions that are to be unique. */
interface UniqueKey {
  /** The tree of an expression stands for it, as text. */
  readonly columns: readonly string[];
  readonly expressions: boolean;
  readonly predicate: boolean;
  readonly nullsRepeat: boolean;
  readonly isPrimary: boolean;
  readonly concurrently: boolean;
  /** A column that is added with one constant for every row. */
  readonly isRepeatedDefault: boolean;
  range(context: StatementContext): TextRange | undefined;
}

function tableOf(node: SqlNode): string | undefined {
  const alter = fieldsOf(node, 'AlterTableStmt');
  if (alter && alter.objtype !== 'OBJECT_TABLE') return undefined;
  const relation = (alter ?? fieldsOf(node, 'IndexStmt') ?? fieldsOf(node, 'CreateStmt'))?.relation;
  return relation && relationOf(relation);
}

/** What the statement makes unique among rows that are there; a key that takes an index over makes nothing new. */
function keysIn(node: SqlNode): UniqueKey[] {
  const index = fieldsOf(node, 'IndexStmt');
  if (index) return index.unique ? [indexKey(index)] : [];
  return alterTableCommands(node).flatMap(({ subtype, def }) => {
    const constraint = fieldsOf(def, 'Constraint');
    if (subtype === 'AT_AddConstraint' && constraint) return constraintKey(constraint);
    const column = fieldsOf(def, 'ColumnDef');
    return subtype === 'AT_AddColumn' && column ? addedColumnKey(column) : [];
  });
}

function indexKey(index: IndexStmt): UniqueKey {
  const elements = fieldsOfEach(index.indexParams, 'IndexElem');
  return {
    columns: elements.map(({ name, expr }) => name ?? treeText(expr)),
    expressions: elements.some(({ name }) => name === undefined),
    predicate: index.whereClause !== undefined,
    nullsRepeat: index.nulls_not_distinct !== true,
    isPrimary: false,
    concurrently: index.concurrent === true,
    isRepeatedDefault: false,
    range: () => undefined,
  };
}

/** The same for two expressions that differ in nothing but where they stand. */
function treeText(tree: SqlNode | undefined): string {
  return JSON.stringify(tree, (key, value: unknown) => (key === 'location' ? undefined : value));
}

function constraintKey(constraint: Constraint): UniqueKey[] {
  if (!isUniqueConstraint(constraint) || constraint.indexname !== undefined) return [];
  return [
    {
      columns: nameParts(constraint.keys),
      expressions: false,
      predicate: false,
      nullsRepeat: constraint.contype === 'CONSTR_UNIQUE' && constraint.nulls_not_distinct !== true,
      isPrimary: constraint.contype === 'CONSTR_PRIMARY',
      concurrently: false,
      isRepeatedDefault: false,
      range: (context) => constraintRange(context, constraint),
    },
  ];
}

/** A new column repeats only what its default gives every row; without default it is NULL, which counts as different. */
function addedColumnKey(column: ColumnDef): UniqueKey[] {
  const constraints = constraintsOf(column);
  const constraint = constraints.find(isUniqueConstraint);
  const value = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  const constant = fieldsOf(fieldsOf(value, 'TypeCast')?.arg ?? value, 'A_Const');
  const isRepeated = constant !== undefined && constant.isnull !== true && !isSerial(column);
  if (!constraint || !isRepeated) return [];
  return constraintKey({ ...constraint, keys: [] }).map((key) => ({
    ...key,
    columns: [column.colname ?? ''],
    isRepeatedDefault: true,
    range: (context) => nameIn(context.statement, column.colname ?? ''),
  }));
}

function isUniqueConstraint({ contype }: Constraint): boolean {
  return contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY';
}

/** From the constraint's first word to the end of its column list. */
function constraintRange({ statement }: StatementContext, { location }: Constraint): TextRange | undefined {
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  const close = tokensOf(statement).find((token) => token.start > start && token.kind === 'close');
  return close && { start, end: close.end };
}

/** True when a part of the columns is unique already, by what earlier statements say. */
function isKnownUnique(context: StatementContext, table: string, key: UniqueKey): boolean {
  const wanted = new Set(key.columns);
  return uniqueSetsBefore(context, table).some((columns) => columns.length > 0 && columns.every((column) => wanted.has(column)));
}

/** The sets of columns of the table that statements before this one made unique, under the names that table and columns have now. */
function uniqueSetsBefore(context: StatementContext, table: string): readonly (readonly string[])[] {
  const limit = orderIn(context);
  const sets = new Map<string, readonly (readonly string[])[]>();
  for (const [place, migration] of context.project.chain.entries()) {
    for (const { statement, index, observation } of statementContexts(migration, context.project)) {
      if (orderOf(place, index) >= limit) return sets.get(table) ?? [];
      if (!statement.node || observation?.error) continue;
      const changed = tableOf(statement.node);
      if (changed !== undefined) sets.set(changed, [...(sets.get(changed) ?? []), ...uniqueSetsIn(statement.node)]);
      else followRename(statement.node, sets);
    }
  }
  return sets.get(table) ?? [];
}

function followRename(node: SqlNode, sets: Map<string, readonly (readonly string[])[]>): void {
  const rename = fieldsOf(node, 'RenameStmt');
  if (!rename) return;
  const table = relationOf(rename.relation);
  const own = sets.get(table);
  const name = rename.newname;
  if (!own || name === undefined) return;
  if (rename.renameType === 'OBJECT_COLUMN') {
    const old = rename.subname;
    sets.set(
      table,
      own.map((columns) => columns.map((column) => (column === old ? name : column))),
    );
  }
  if (rename.renameType === 'OBJECT_TABLE') {
    sets.delete(table);
    sets.set(`${table.slice(0, table.indexOf('.'))}.${name}`, own);
  }
}

/** True when an earlier statement of the script deletes rows of the table by what other rows of it are, or all of them. */
function isClearedBefore({ script, statement, inside }: StatementContext, table: string): boolean {
  const start = (inside ?? statement).start;
  return script.statements.some(({ node, start: other }) => {
    if (!node || other >= start) return false;
    let deletes = false;
    let named = 0;
    walk(node, (type, inner) => {
      if (type === 'DeleteStmt') deletes ||= relationOf(inner.relation) === table;
      if (type === 'RangeVar') named += relationOf(inner) === table ? 1 : 0;
    });
    return (deletes && named > 0) || (nodeType(node) === 'TruncateStmt' && named > 0);
  });
}

function uniqueSetsIn(node: SqlNode): string[][] {
  const create = fieldsOf(node, 'CreateStmt');
  if (!create) {
    const added = alterTableCommands(node).flatMap(({ def }) => columnUnique(fieldsOf(def, 'ColumnDef')));
    const keys = keysIn(node).filter(({ predicate }) => !predicate);
    return [...added, ...keys.map(({ columns }) => [...columns])];
  }
  return (create.tableElts ?? []).flatMap((element) => {
    const constraint = fieldsOf(element, 'Constraint');
    if (constraint) return constraintKey(constraint).map(({ columns }) => [...columns]);
    return columnUnique(fieldsOf(element, 'ColumnDef'));
  });
}

function columnUnique(column: ColumnDef | undefined): string[][] {
  return column && constraintsOf(column).some(isUniqueConstraint) ? [[column.colname ?? '']] : [];
}

/**
 * True when a column of the key came in the same deployment and without default: it is NULL in every old row, or holds what the deployment
 * gave it, which is tried over made-up rows.
 */
function isNewColumn(context: StatementContext, table: string, key: UniqueKey): boolean {
  if (!(key.nullsRepeat || key.isPrimary) || key.expressions) return false;
  const limit = orderIn(context);
  const bare = table.slice(table.indexOf('.') + 1);
  return definitionsOf(context.project).some(
    ({ kind, action, name, parent, migration, statement, order }) =>
      kind === 'column' &&
      action === 'create' &&
      parent === bare &&
      key.columns.includes(name) &&
      order <= limit &&
      isSameUnit(migration, context.migration) &&
      addsWithoutDefault(statement.node, name),
  );
}

function addsWithoutDefault(node: SqlNode | undefined, name: string): boolean {
  const added = alterTableCommands(node).flatMap(({ def }) => def ?? []);
  const column = fieldsOfEach(added, 'ColumnDef').find(({ colname }) => colname === name);
  return column !== undefined && !constraintsOf(column).some(({ contype }) => contype === 'CONSTR_DEFAULT');
}

/** The query that finds rows that repeat. */
function preCheck(table: string, key: UniqueKey, { statement }: StatementContext): string {
  const columns = key.expressions ? (indexList(statement.node, statement) ?? '...') : key.columns.map(identifier).join(', ');
  const present = key.nullsRepeat && !key.expressions ? key.columns.map((column) => `${identifier(column)} IS NOT NULL`) : [];
  const where = key.predicate ? [predicateText(statement), ...present] : present;
  const filter = where.length > 0 ? ` WHERE ${where.join(' AND ')}` : '';
  const name = displayName(table).split('.').map(identifier).join('.');
  return `SELECT ${columns}, count(*) FROM ${name}${filter} GROUP BY ${columns} HAVING count(*) > 1`;
}

function indexList(node: SqlNode | undefined, statement: StatementContext['statement']): string | undefined {
  if (!fieldsOf(node, 'IndexStmt')) return undefined;
  const tokens = tokensOf(statement);
  const open = tokens.find(({ kind, depth }) => kind === 'open' && depth === 0);
  const close = tokens.find(({ kind, depth, start }) => kind === 'close' && depth === 0 && open !== undefined && start > open.start);
  return open && close ? statement.text.slice(open.end - statement.start, close.start - statement.start).trim() : undefined;
}

function predicateText(statement: StatementContext['statement']): string {
  const where = tokensOf(statement).findLast(({ kind, depth, text }) => kind === 'word' && depth === 0 && /^where$/i.test(text));
  return where ? `(${statement.text.slice(where.end - statement.start).trim()})` : 'true';
}
