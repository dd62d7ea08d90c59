import { identifier } from '../sql/quoting';
import type { Fix } from '../core/finding';
import { asNodes, asText, fieldsOf, nameFromList, relationName } from '../sql/nodes';
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
    yield {
      range: headOf(statement),
      cause: '',
      severity: index['unique'] === true ? 'warning' : 'info',
      message: `When this build fails or is cancelled, it leaves an invalid index named ${name} behind. The next run finds that name, builds nothing and reports success: every write then maintains an index that no query uses and that enforces nothing. Run ${drop} ${where}.`,
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

function fixes(context: StatementContext, drop: string): Fix[] {
  if (!sendsOneByOne(context) || context.inside || transactionOf(context).openedBy !== 'none') return [];
  return [fix(context, 'Drop what a failed build left before building', [insertStatementBefore(context.script, context.statement, drop)])];
}
