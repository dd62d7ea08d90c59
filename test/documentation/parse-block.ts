import { parse as parseJsonc, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { parseManifest } from '#engine/inputs/manifest/parse';
import { loadSqlParser } from '#engine/databases/postgresql/sql/library';
import { parseStatements } from '#engine/databases/postgresql/sql/parser';
import type { Block } from './page';

/** What is wrong with the data or the SQL in a block; empty for languages that are not read here. */
export async function problemsOf({ language, text }: Block): Promise<string[]> {
  switch (language) {
    case 'yaml':
    case 'yml':
      return /^manifest: 1\n[^]/m.test(text) ? manifestProblems(text) : yamlProblems(text);
    case 'json':
    case 'jsonc':
      return jsonProblems(text, language === 'jsonc');
    case 'toml':
      return tomlProblems(text);
    case 'sql':
      await loadSqlParser();
      return parseStatements(text).flatMap(({ error }) => (error ? [`SQL: ${error.message}`] : []));
    default:
      return [];
  }
}

function manifestProblems(text: string): string[] {
  return parseManifest('/upgrade.yaml', text).problems.map(({ line, message }) => `manifest, line ${line ?? 1}: ${message}`);
}

function yamlProblems(text: string): string[] {
  return parseAllDocuments(text).flatMap(({ errors }) => errors.map(({ message }) => `YAML: ${message}`));
}

function jsonProblems(text: string, withComments: boolean): string[] {
  const errors: ParseError[] = [];
  parseJsonc(text, errors, { disallowComments: !withComments, allowTrailingComma: false });
  return errors.map(({ error }) => `JSON: ${printParseErrorCode(error)}`);
}

function tomlProblems(text: string): string[] {
  try {
    parseToml(text);
    return [];
  } catch (error) {
    return [`TOML: ${(error as Error).message}`];
  }
}
