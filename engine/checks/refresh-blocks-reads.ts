import { listed } from '../core/wording';
import type { Fix } from '../core/finding';
import type { RelationName } from '../shadow/observation';
import { asNodes, asFields, fieldsOf, type Fields, nameFromList } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, FindingDraft, StatementContext } from './check';
import { tableNamed } from './support/column-types';
import { displayName, failsInShadow, headOf, lockEvidence, relationOf, tablesBornInUnit } from './support/evidence';
import { failureFinding, failureFor, wordsOf } from './support/failure-causes';
import { fix, insertAfter } from './support/fixes';
import { severityBySize, onceUnlessSized } from './support/table-work';
import { sqlName } from './support/type-changes';

export const check: Check = {
  id: 'refresh-blocks-reads',
  hazards: ['P23'],
  group: 'locks',
  severity: 'warning',
  summary: 'A materialized view is refreshed in a way that makes its readers wait, or that PostgreSQL refuses.',
  looksInside: true,
  *statement(context) {
    const refresh = fieldsOf(context.statement.node, 'RefreshMatViewStmt');
    const creation = fieldsOf(context.statement.node, 'CreateTableAsStmt');
    if (refresh) yield* refreshed(context, refresh);
    else if (creation?.['objtype'] === 'OBJECT_MATVIEW') yield* created(context, creation);
  },
};

function* refreshed(context: StatementContext, refresh: Fields): Iterable<FindingDraft> {
  const view = tableNamed(context, refresh['relation']);
  const name = sqlName(view);
  const error = failureFor(context, 'refresh-blocks-reads');
  if (error) {
    const advice = /unique index/.test(error.hint ?? '')
      ? `Make the index in a migration before: CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (...);`
      : 'Refresh it without CONCURRENTLY the first time.';
    yield failureFinding(context, error, `${wordsOf(error)} ${advice}`);
    return;
  }
  const born = tablesBornInUnit(context.migration, context.project);
  if (refresh['concurrent'] === true || failsInShadow(context) || born.has(view)) return;
  const history = historyOf(context, view);
  if (!history.isFilled) return;
  const isObserved = lockEvidence(context) !== undefined;
  const { uniqueIndex } = history;
  const consequence =
    refresh['skipData'] === true
      ? `Every query of ${name} fails from here on until it is refreshed, because WITH NO DATA empties it.`
      : `Queries of ${name} wait while its query runs and its rows are stored (ACCESS EXCLUSIVE lock, kept until the transaction ends).`;
  const advice = uniqueIndex
    ? `${name} has the unique index ${uniqueIndex}, so that it can be refreshed while it is read: REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`
    : `With a unique index on ${name} it can be refreshed while it is read: CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (...); then REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`;
  yield {
    range: headOf(context.statement),
    severity: severityBySize(context, [view], 'warning'),
    ...onceUnlessSized(context, [view], 5),
    message: `${consequence} ${advice}${isObserved ? '' : ' This is judged without the view at hand.'}`,
    verified: isObserved,
    fixes: uniqueIndex && refresh['skipData'] !== true && !context.inside ? fixes(context) : [],
  };
}

function fixes(context: StatementContext): Fix[] {
  const edit = insertAfter(context.statement, /^refresh\s+materialized\s+view\b/i, ' CONCURRENTLY');
  return edit ? [fix(context, 'Refresh CONCURRENTLY', [edit])] : [];
}

interface ViewHistory {
  /** False while a view that was made WITH NO DATA waits for its first refresh: nobody can read it, and CONCURRENTLY is refused. */
  readonly isFilled: boolean;
  /** A unique index over plain columns and all rows, which CONCURRENTLY needs. */
  readonly uniqueIndex: string | undefined;
}

function historyOf(context: StatementContext, view: RelationName): ViewHistory {
  let isFilled = true;
  const indexes = new Set<string>();
  for (const { node } of statementsBefore(context)) {
    const into = asFields(fieldsOf(node, 'CreateTableAsStmt')?.['into']);
    const intoFields = asFields(into?.['IntoClause']) ?? into;
    if (intoFields && relationOf(intoFields['rel']) === view) isFilled = intoFields['skipData'] !== true;
    const refresh = fieldsOf(node, 'RefreshMatViewStmt');
    if (refresh && relationOf(refresh['relation']) === view) isFilled = refresh['skipData'] !== true;
    const index = fieldsOf(node, 'IndexStmt');
    if (
      index?.['unique'] === true &&
      index['whereClause'] === undefined &&
      relationOf(index['relation']) === view &&
      isOverColumns(index)
    ) {
      indexes.add(String(index['idxname'] ?? 'it was given'));
    }
    const drop = fieldsOf(node, 'DropStmt');
    if (drop?.['removeType'] === 'OBJECT_INDEX')
      for (const object of asNodes(drop['objects'])) indexes.delete(nameFromList(object)?.name ?? '');
    if (
      drop?.['removeType'] === 'OBJECT_MATVIEW' &&
      asNodes(drop['objects']).some((each) => displayName(view) === nameFromList(each)?.name)
    ) {
      indexes.clear();
    }
  }
  return { isFilled, uniqueIndex: [...indexes].at(-1) };
}

function isOverColumns(index: Fields): boolean {
  return asNodes(index['indexParams']).every((each) => fieldsOf(each, 'IndexElem')?.['name'] !== undefined);
}

function* statementsBefore(context: StatementContext): Iterable<ParsedStatement> {
  for (const migration of context.project.chain) {
    for (const statement of migration.up.statements) {
      if (statement === context.statement || statement === context.inside) return;
      yield statement;
    }
    if (migration === context.migration) return;
  }
}

function* created(context: StatementContext, creation: Fields): Iterable<FindingDraft> {
  const observation = lockEvidence(context);
  const into = asFields(creation['into']);
  if (!observation || (asFields(into?.['IntoClause']) ?? into)?.['skipData'] === true) return;
  const born = tablesBornInUnit(context.migration, context.project);
  const read = observation.scans.filter((table) => !born.has(table));
  if (read.length === 0) return;
  const tables = listed(read.map(sqlName));
  yield {
    range: headOf(context.statement),
    severity: 'hint',
    message: `The migration takes as long as the view's query over ${tables}, and every lock that it holds is kept meanwhile. Make the view WITH NO DATA and refresh it in a migration of its own where the tables are large.`,
  };
}
