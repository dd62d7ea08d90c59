import { codeQueries, type CodeQueries } from './code-queries';
import { extensionOf, languageOf } from './code-language';
import { sqlFileQueries } from './sql-file';

/** Whether queries can be found in a file of this name. */
export function isReadable(file: string): boolean {
  return extensionOf(file) === 'sql' || languageOf(file) !== undefined;
}

/**
 * The queries of one file, by its extension; nothing for a file of another kind. Never throws for what the text holds.
 * @throws Error when `loadSqlParser` has not been awaited.
 */
export function extractQueries(file: string, text: string): CodeQueries {
  const language = languageOf(file);
  if (language) return codeQueries(file, text, language);
  return extensionOf(file) === 'sql' ? { ...sqlFileQueries(file, text), included: [] } : { queries: [], unusable: [], included: [] };
}
