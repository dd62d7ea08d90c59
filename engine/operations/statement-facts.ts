import { concurrentLocks } from '../checking/checks/postgresql/support/concurrent-locks';
import { type ExpectedLock, expectedLocks } from '../checking/checks/postgresql/support/expected-locks';
import { type ExpectedWork, expectedWork } from '../checking/checks/postgresql/support/expected-work';
import type { Script } from '../core/scripts';
import { fieldsOf, relationName } from '../databases/postgresql/sql/nodes';
import { parseScript } from '../databases/postgresql/sql/parser';
import type { ParsedStatement } from '../databases/postgresql/sql/statement';

/** The door to statements: what hosts say of one statement of a script. */
export { displayName, locksInForce } from '../checking/checks/postgresql/support/evidence';
export {
  heldLocks,
  lockName,
  locksBySyntax,
  lockText,
  notableLocks,
  notableLocksOf,
  type StatementLock,
} from '../checking/checks/postgresql/support/statement-locks';
export { lockTitles } from '../checking/checks/postgresql/support/table-work';
export type { StatementContext } from '../checking/context/context';
export { statementContexts } from '../checking/context/statement-contexts';
export { withoutPublic } from '../databases/postgresql/catalogue/describe-differences';
export { inverseOf } from '../databases/postgresql/sql/inverse';
export { loadSqlParser } from '../databases/postgresql/sql/library';
export { parseScript } from '../databases/postgresql/sql/parser';
export type { ParsedStatement } from '../databases/postgresql/sql/statement';
export { statementLabel } from '../databases/postgresql/sql/statement-names';

/** What the syntax lets expect of a statement that was not run: its long work, and its locks on tables without such work. */
export function expectedOf({ node }: ParsedStatement): { work: readonly ExpectedWork[]; locks: readonly ExpectedLock[] } {
  if (!node) return { work: [], locks: [] };
  const work = expectedWork(node);
  const locks = [...expectedLocks(node), ...concurrentLocks(node)].filter(({ table }) => work.every((each) => each.table !== table));
  return { work, locks };
}

/** The tables that a script creates, named as it names them, each with its statement. The parser has to be loaded. */
export function createdTables(script: Script): { name: string; statement: ParsedStatement }[] {
  return parseScript(script).flatMap((statement) => {
    const table = relationName(fieldsOf(statement.node, 'CreateStmt')?.['relation']);
    return table ? [{ name: table.schema === undefined ? table.name : `${table.schema}.${table.name}`, statement }] : [];
  });
}
