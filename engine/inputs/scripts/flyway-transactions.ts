import { splitStatements } from '../../databases/postgresql/sql/splitter';

/** What Flyway recognises as unable to run in a transaction, by the keywords at the statement's start (its PostgreSQLParser). */
const outside = [
  /^(?:create|drop) (?:database|tablespace|subscription)\b/,
  /^alter system\b/,
  /^(?:create|drop)(?: unique)? index concurrently\b/,
  /^reindex(?: verbose)? (?:schema|database|system)\b/,
  /^vacuum\b/,
  /^discard all\b/,
];

/** True for a statement because of which Flyway opens no transaction around its script. */
export function leavesFlywayTransaction(statement: string): boolean {
  const keywords = statement
    .slice(0, 2000)
    .replace(/--[^\n]*|\/\*[^]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  return outside.some((pattern) => pattern.test(keywords));
}

/**
 * How Flyway runs a script that has no setting of its own: `none` without a transaction, because every statement is one that
 * cannot run in one; `mixed` when others are among them, which it refuses unless `mixed=true`.
 */
export function flywayTransaction(sql: string): 'script' | 'none' | 'mixed' {
  if (!/\b(?:concurrently|vacuum|reindex|system|database|tablespace|subscription|discard)\b/i.test(sql)) return 'script';
  const statements = splitStatements(sql).filter(({ kind }) => kind === 'sql');
  const leaving = statements.filter(({ text }) => leavesFlywayTransaction(text)).length;
  return leaving === 0 ? 'script' : leaving === statements.length ? 'none' : 'mixed';
}
