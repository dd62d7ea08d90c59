import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import { alterTableCommands, fieldsOf, nameFromList, relationName } from '../../../../databases/postgresql/sql/nodes';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { headOf, qualifiedName, tablesBornInUnit } from '../support/evidence';
import { fix, insertStatementBefore, sendsOneByOne } from '../support/fixes';
import { transactionOf } from '../support/transactions';

export const check: Check = {
  id: 'invalid-index-kept',
  hazards: ['P42'],
  severity: 'warning',
  summary: 'Uses IF NOT EXISTS with CONCURRENTLY, which accepts the invalid index of a failed build.',
  *statement(context) {
    const { statement } = context;
    const index = fieldsOf(statement.node, 'IndexStmt');
    const name = index?.idxname;
    const table = relationName(index?.relation);
    if (!index || !name || !table || index.concurrent !== true || index.if_not_exists !== true) return;
    const qualifiedTable = qualifiedName(table);
    if (tablesBornInUnit(context.migration, context.project).has(qualifiedTable)) return;
    if (statementsBefore(context).some((earlier) => dropsIndex(earlier, name) || /\bindisvalid\b/i.test(earlier.text))) return;
    const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${table.schema ? `${identifier(table.schema)}.` : ''}${identifier(name)}`;
    const where = sendsOneByOne(context) ? 'first' : 'in an earlier migration of its own';
    const isUnique = index.unique === true;
    const isTaken = isUnique && isTakenLater(context, name);
    const next = isTaken
      ? 'The next run skips the build and fails at the constraint that uses the index.'
      : `The next run skips the build and reports success, but no query uses the index${isUnique ? ' and it does not prevent duplicates' : ''}.`;
    yield {
      range: headOf(statement),
      cause: '',
      severity: isUnique && !isTaken ? 'warning' : 'info',
      message: `IF NOT EXISTS accepts an invalid ${name} that a failed build left behind`,
      details: next,
      advice: `Drop it ${where}: ${drop};`,
      fixes: fixes(context, drop),
    };
  },
};

/** The earlier statements of the script, and those of the migration before it: where a file may hold one statement only, the drop is there. */
function statementsBefore({ project, migration, script, statement }: StatementContext): readonly ParsedStatement[] {
  const previous = project.chain[project.chain.indexOf(migration) - 1];
  return [...(previous?.up.statements ?? []), ...script.statements.filter(({ start }) => start < statement.start)];
}

/** True for DROP INDEX of the name. */
function dropsIndex({ node }: ParsedStatement, name: string): boolean {
  const drop = fieldsOf(node, 'DropStmt');
  return drop?.removeType === 'OBJECT_INDEX' && (drop.objects ?? []).some((object) => nameFromList(object)?.name === name);
}

/** True when a later statement of the script makes a constraint of the index, which PostgreSQL refuses for an invalid one. */
function isTakenLater({ script, statement }: StatementContext, name: string): boolean {
  return script.statements.some(
    ({ node, start }) =>
      start > statement.start && alterTableCommands(node).some(({ def }) => fieldsOf(def, 'Constraint')?.indexname === name),
  );
}

function fixes(context: StatementContext, drop: string): Fix[] {
  if (!sendsOneByOne(context) || context.inside || transactionOf(context).openedBy !== 'none') return [];
  return [fix(context, 'Drop the index of a failed build first', [insertStatementBefore(context.script, context.statement, drop)])];
}
