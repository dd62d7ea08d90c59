import { memoryFiles } from '../../../host/memory-files';
import { readMigrations } from '../index';
import type { LayoutName, LayoutProblem, MigrationDirectory } from '../../../core/scripts';

/** Helpers for the tests of the layouts: directories in memory at `/p/m`. */

export const directory = '/p/m';

/** @param entries content by path below `/p/m`; paths that start with `/` are absolute. */
export function filesWith(entries: Readonly<Record<string, string | Uint8Array>>) {
  return memoryFiles(
    Object.fromEntries(Object.entries(entries).map(([path, content]) => [path.startsWith('/') ? path : `${directory}/${path}`, content])),
  );
}

export async function readDirectory(
  entries: Readonly<Record<string, string | Uint8Array>>,
  layout: LayoutName | 'auto' = 'auto',
): Promise<MigrationDirectory> {
  const outcome = await readMigrations(filesWith(entries), directory, layout);
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

export function ids(read: MigrationDirectory): string[] {
  return read.migrations.map((migration) => migration.id);
}

/** Kind and file of each problem, the file relative to the directory. */
export function problemsOf(read: MigrationDirectory): string[] {
  return read.problems.map((problem) => `${problem.kind} ${problem.file.replace(`${directory}/`, '')}`);
}

/** The text that a problem is shown on. */
export function shownOn(problem: LayoutProblem | undefined, text: string): string {
  return problem ? text.slice(problem.range.start, problem.range.end) : '';
}
