import { identifier } from '../sql/quoting';
import type { Fix } from '../core/finding';
import { alterTableCommands, asNodes, asText, fieldsOf, nameFromList, relationName } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import type { Check, StatementContext } from './check';
import { headOf, qualifiedName, tablesBornInUnit } from './support/evidence';
import { fix, insertStatementBefore, sendsOneByOne } from './support/fixes';
import { transactionOf } from './support/transactions';

export const check: Check = {
  id: 'invalid-index-kept',
  hazards: ['P42'],
  group: 'execution',
  severity: 'warning',
  summary: 'A failed concurrent build leaves an invalid index that IF NOT EXISTS takes for the wanted one.',
  *statement(context) {
    const { statement } = context;
    const index = fieldsOf(statement.node, 'IndexStmt');
    const name = asText(index?.['idxname']);
    const table = relationName(index?.['relation']);
    if (!index || !name || !table || index['concurrent'] !== true || index['if_not_exists'] !== true) return;
    const qualifiedTable = qualifiedName(table);
    if (tablesBornInUnit(context.migration, context.project).has(qualifiedTable)) return;
    if (statementsBefore(context).some((earlier) => dropsIndex(earlier, name) || /\bindisvalid\b/i.test(earlier.text))) return;
    const drop = `DROP INDEX CONCURRENTLY IF EXISTS ${table.schema ? `${identifier(table.schema)}.` : ''}${identifier(name)}`;
    const where = sendsOneByOne(context) ? 'before it' : 'in a migration of its own before it';
    const isUnique = index['unique'] === true;
    const isTaken = isUnique && isTakenLater(context, name);
    const next = isTaken
      ? 'builds nothing and stops at the constraint that takes the index over'
      : `builds nothing and reports success: no query uses the index${isUnique ? ', and rows may repeat' : ''}`;
    yield {
      range: headOf(statement),
      cause: '',
      severity: isUnique && !isTaken ? 'warning' : 'info',
      message: `When this build fails or is cancelled, it leaves an invalid index named ${name} behind. The next run finds that name, ${next}. Run ${drop} ${where}.`,
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
export function dropsIndex({ node }: ParsedStatement, name: string): boolean {
  const drop = fieldsOf(node, 'DropStmt');
  return drop?.['removeType'] === 'OBJECT_INDEX' && asNodes(drop['objects']).some((object) => nameFromList(object)?.name === name);
}

/** True when a later statement of the script makes a constraint of the index, which PostgreSQL refuses for an invalid one. */
function isTakenLater({ script, statement }: StatementContext, name: string): boolean {
  return script.statements.some(
    ({ node, start }) =>
      start > statement.start &&
      node !== undefined &&
      alterTableCommands(node).some(({ def }) => fieldsOf(def, 'Constraint')?.['indexname'] === name),
  );
}

function fixes(context: StatementContext, drop: string): Fix[] {
  if (!sendsOneByOne(context) || context.inside || transactionOf(context).openedBy !== 'none') return [];
  return [fix(context, 'Drop what a failed build left before building', [insertStatementBefore(context.script, context.statement, drop)])];
}
