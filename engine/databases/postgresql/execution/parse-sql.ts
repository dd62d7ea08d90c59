import { loadSqlParser } from '../sql/library';
import { parseStatements } from '../sql/parser';
import type { ParsedStatement } from '../sql/statement';

/** The statements of a script with their trees; a statement that does not parse has none. */
export async function parseSql(sql: string): Promise<ParsedStatement[]> {
  await loadSqlParser();
  return parseStatements(sql);
}
