import type { Files } from '../../core/host';
import { foldersAround } from '../../inputs/scripts/listing';
import type { MigrationDirectory } from '../../core/scripts';
import { quotedIdentifier } from '../../databases/postgresql/sql/quoting';
import { hasura } from './platforms/hasura';
import { neon } from './platforms/neon';
import type { Platform } from './platforms/platform';
import { supabase } from './platforms/supabase';

const platforms: readonly Platform[] = [supabase, hasura, neon];

/** The platforms for which the migrations of a directory are written, by the project files around it. */
export async function platformsOf(files: Files, directory: string): Promise<Platform[]> {
  const around = await foldersAround(files, directory);
  const used: Platform[] = [];
  for (const platform of platforms) if (await platform.isUsed(around, files)) used.push(platform);
  return used;
}

/**
 * What exists before the first migration without any script that makes it, as SQL: the objects of platforms, the schemas that the
 * migration tool makes or has in its search path, and its journal where a script mentions it. What the scripts or the baseline (a
 * dump's text) make themselves is left to them.
 */
export function environmentSql(directory: MigrationDirectory | undefined, used: readonly Platform[] = [], baseline = ''): string {
  const { journal, schemas = [], searchPath = [] } = directory?.runner ?? {};
  const texts = directory?.migrations.flatMap(({ up, down }) => [up.text, down?.text ?? '']) ?? [];
  const mentions = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const makes = (kind: string, name: string) => mentions(new RegExp(`\\bcreate\\s+${kind}\\s+(?:[\\w"]+\\.)?"?${escaped(name)}\\b`, 'i'));
  const inPath = searchPath.filter((schema) => !isSystemSchema(schema) && !madeByHistory(schema, directory, baseline));
  const own = [...new Set([...schemas, ...inPath])].filter((schema) => schema !== 'public' && !makes('schema', schema));
  const needsJournal = journal && mentions(new RegExp(`\\b${escaped(journal.table)}\\b`, 'i')) && !makes('table', journal.table);
  return [
    ...used.map(({ sql }) => sql),
    ...own.map((schema) => `CREATE SCHEMA ${quotedIdentifier(schema)};`),
    ...(needsJournal ? inSearchPath(`${journal.create};`, searchPath) : []),
  ].join('\n');
}

/** The tool makes its table where its connection makes tables. */
function inSearchPath(sql: string, searchPath: readonly string[]): string[] {
  if (searchPath.length === 0) return [sql];
  return [`SET search_path = ${searchPath.map(quotedIdentifier).join(', ')};`, sql, 'RESET search_path;'];
}

function isSystemSchema(schema: string): boolean {
  return schema === '$user' || schema === 'public' || schema === 'information_schema' || schema.startsWith('pg_');
}

/** True where the dump or the first migration makes the schema. A later IF NOT EXISTS finds what earlier scripts were using. */
function madeByHistory(schema: string, directory: MigrationDirectory | undefined, baseline: string): boolean {
  const makes = new RegExp(`\\bcreate\\s+schema\\s+(?:if\\s+not\\s+exists\\s+)?"?${escaped(schema)}\\b`, 'i');
  return makes.test(baseline) || makes.test(directory?.migrations[0]?.up.text ?? '');
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
