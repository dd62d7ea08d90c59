import type { CreateTableAsStmt, IndexStmt, RefreshMatViewStmt } from '@pgsql/types';
import { listed, listedBriefly } from '../../../../core/wording';
import type { Fix } from '../../../../core/finding';
import type { RelationName } from '../../../../databases/observation';
import { fieldsOf, fieldsOfEach, nameFromList } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check, FindingDraft } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { displayName, failsInShadow, headOf, lockEvidence, relationOf, tablesBornInUnit } from '../support/evidence';
import { failureFinding, failureFor } from '../support/failure-causes';
import { fix, insertAfter } from '../support/fixes';
import { severityBySize, onceUnlessSized } from '../support/table-work';
import { sqlName } from '../support/type-changes';
import { firstFitting } from '../../support/headline';

export const check: Check = {
  id: 'refresh-blocks-reads',
  hazards: ['P23'],
  severity: 'warning',
  summary: 'Refreshes a materialized view in a way that blocks its readers, or that PostgreSQL refuses.',
  looksInside: true,
  *statement(context) {
    const refresh = fieldsOf(context.statement.node, 'RefreshMatViewStmt');
    const creation = fieldsOf(context.statement.node, 'CreateTableAsStmt');
    if (refresh) yield* refreshed(context, refresh);
    else if (creation?.objtype === 'OBJECT_MATVIEW') yield* created(context, creation);
  },
};

function* refreshed(context: StatementContext, refresh: RefreshMatViewStmt): Iterable<FindingDraft> {
  const view = tableNamed(context, refresh.relation);
  const name = sqlName(view);
  const error = failureFor(context, 'refresh-blocks-reads');
  if (error) {
    const advice = /unique index/.test(error.hint ?? '')
      ? `Create the index in an earlier migration: CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (...);`
      : 'Refresh it without CONCURRENTLY the first time.';
    yield failureFinding(context, error, { advice });
    return;
  }
  const born = tablesBornInUnit(context.migration, context.project);
  if (refresh.concurrent === true || failsInShadow(context) || born.has(view)) return;
  const history = historyOf(context, view);
  if (!history.isFilled) return;
  const isObserved = lockEvidence(context) !== undefined;
  const { uniqueIndex } = history;
  const text =
    refresh.skipData === true
      ? { message: `Empties ${name}: queries fail until the next refresh (WITH NO DATA)` }
      : {
          message: firstFitting([
            `Blocks reads of ${name} while the view is refreshed (ACCESS EXCLUSIVE)`,
            `Blocks reads of ${name} while it is refreshed`,
          ]),
          details: 'The lock lasts until the transaction ends.',
        };
  const advice = uniqueIndex
    ? `Use the unique index ${uniqueIndex}: REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`
    : `Create a unique index first: CREATE UNIQUE INDEX CONCURRENTLY ON ${name} (...); then REFRESH MATERIALIZED VIEW CONCURRENTLY ${name};`;
  yield {
    range: headOf(context.statement),
    severity: severityBySize(context, [view], 'warning'),
    ...onceUnlessSized(context, [view], 5),
    ...text,
    advice,
    verified: isObserved,
    fixes: uniqueIndex && refresh.skipData !== true && !context.inside ? fixes(context) : [],
  };
}

function fixes(context: StatementContext): Fix[] {
  const edit = insertAfter(context.statement, /^refresh\s+materialized\s+view\b/i, ' CONCURRENTLY');
  return edit ? [fix(context, 'Refresh CONCURRENTLY', [edit])] : [];
}

interface ViewHistory {
  /** False for a view created WITH NO DATA until its first refresh: it cannot be read, and CONCURRENTLY is refused. */
  readonly isFilled: boolean;
  /** A unique index over plain columns and all rows, which CONCURRENTLY needs. */
  readonly uniqueIndex: string | undefined;
}

function historyOf(context: StatementContext, view: RelationName): ViewHistory {
  let isFilled = true;
  const indexes = new Set<string>();
  for (const { node } of statementsBefore(context)) {
    const into = fieldsOf(node, 'CreateTableAsStmt')?.into;
    if (into && relationOf(into.rel) === view) isFilled = into.skipData !== true;
    const refresh = fieldsOf(node, 'RefreshMatViewStmt');
    if (refresh && relationOf(refresh.relation) === view) isFilled = refresh.skipData !== true;
    const index = fieldsOf(node, 'IndexStmt');
    if (index?.unique === true && index.whereClause === undefined && relationOf(index.relation) === view && isOverColumns(index)) {
      indexes.add(index.idxname ?? 'of the view');
    }
    const drop = fieldsOf(node, 'DropStmt');
    if (drop?.removeType === 'OBJECT_INDEX') for (const object of drop.objects ?? []) indexes.delete(nameFromList(object)?.name ?? '');
    if (drop?.removeType === 'OBJECT_MATVIEW' && drop.objects?.some((each) => displayName(view) === nameFromList(each)?.name)) {
      indexes.clear();
    }
  }
  return { isFilled, uniqueIndex: [...indexes].at(-1) };
}

function isOverColumns({ indexParams }: IndexStmt): boolean {
  return fieldsOfEach(indexParams, 'IndexElem').every(({ name }) => name !== undefined);
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

function* created(context: StatementContext, { into }: CreateTableAsStmt): Iterable<FindingDraft> {
  const observation = lockEvidence(context);
  if (!observation || into?.skipData) return;
  const born = tablesBornInUnit(context.migration, context.project);
  const read = observation.scans.filter((table) => !born.has(table));
  if (read.length === 0) return;
  const names = read.map(sqlName);
  const message = firstFitting([
    `Fills the view from ${listedBriefly(names)} while the migration holds its locks`,
    `Fills the view from ${listedBriefly(names, 1)} while the migration holds its locks`,
  ]);
  yield {
    range: headOf(context.statement),
    severity: 'hint',
    message,
    details: message.includes(listed(names)) ? undefined : `The query reads ${listed(names)}.`,
    advice: 'If the tables are large, create the view WITH NO DATA and refresh it in a migration of its own.',
  };
}
