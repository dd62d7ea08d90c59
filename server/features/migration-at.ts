import { referencedId } from '#engine/inputs/manifest/schema';
import type { Direction, Script } from '#engine/core/scripts';
import type { Project } from '#engine/checking/project/project';
import type { MigrationContext, ScriptContext } from '#engine/checking/context/context';
import type { Analysis } from '#engine/checking/analysis/analysis';
import type { ParsedStatement } from '#engine/databases/postgresql/sql/statement';

/** The release that lists a migration. */
export function releaseOf(project: Project, migrationId: string): string | undefined {
  return project.manifest?.manifest?.releases.find(({ migrations }) =>
    migrations.some((reference) => referencedId(reference) === migrationId),
  )?.version;
}

/** The scripts that a file holds, first to last; none that are for another database. */
export function scriptsIn(project: Project, path: string): { script: Script; migration: string; direction: Direction }[] {
  if (project.directory && project.directory.dialect !== 'postgresql') return [];
  return (project.directory?.migrations ?? []).flatMap(({ id, up, down, verify }) =>
    [up, down, verify].flatMap((script) => (script?.file === path ? [{ script, migration: id, direction: script.direction }] : [])),
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
