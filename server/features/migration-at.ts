import { scriptsOf } from '#engine/core/scripts';
import { referencedId } from '#engine/inputs/manifest/schema';
import type { Direction, Script } from '#engine/core/scripts';
import type { Analysis, MigrationContext, Project, ScriptContext } from '#engine/operations/checking';
import type { ParsedStatement } from '#engine/operations/statement-facts';
import type { Location } from 'vscode-languageserver';
import { toRange } from '../ranges';
import { uriOf } from '../uris';
import { databaseOf } from '#engine/databases/registry/index';

/** The release that lists a migration. */
export function releaseOf(project: Project, migrationId: string): string | undefined {
  return project.manifest?.manifest?.releases.find(({ migrations }) =>
    migrations.some((reference) => referencedId(reference) === migrationId),
  )?.version;
}

/** Where a script begins in its file. */
export function startOf({ file, text, sections }: Script): Location {
  const start = sections[0]?.start ?? 0;
  return { uri: uriOf(file), range: toRange(text, { start, end: start }) };
}

/** The scripts that a file holds, first to last; none that are for another database. */
export function scriptsIn(project: Project, path: string): { script: Script; migration: string; direction: Direction }[] {
  if (!databaseOf(project.directory?.dialect)) return [];
  return (project.directory?.migrations ?? []).flatMap((migration) =>
    scriptsOf(migration).flatMap((script) =>
      script.file === path ? [{ script, migration: migration.id, direction: script.direction }] : [],
    ),
  );
}

/** The statement at an offset of a file, with its script and its migration. */
export function statementAt(
  analysis: Analysis,
  path: string,
  offset: number,
): { migration: MigrationContext; script: ScriptContext; statement: ParsedStatement; index: number } | undefined {
  for (const migration of analysis.context.chain) {
    for (const script of [migration.up, migration.down]) {
      if (script?.script.file !== path) continue;
      const statements = script.statements.filter(({ kind }) => kind === 'sql');
      const index = statements.findIndex(({ start, end }) => start <= offset && offset <= end);
      const statement = statements[index];
      if (statement) return { migration, script, statement, index };
    }
  }
  return undefined;
}
