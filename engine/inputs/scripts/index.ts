import type { TextEdit } from '../../core/finding';
import type { Files } from '../../core/host';
import type { Outcome, Problem } from '../../core/problem';
import { failure, outcomeOf, success } from '../../core/problem';
import { parentFolder, joined, trimmedPath } from '../../core/paths';
import { type Found, layouts, surest, surestLayout } from './detect';
import { dialectOf, type DialectVerdict } from './dialect';
import type { Dialect } from '../../core/dialects';
import type { Layout, LayoutReading, ScriptTemplate } from './layout';
import { listDirectory, rememberingFiles } from './listing';
import { loose, readLoose } from './loose';
import type { LayoutName, LayoutProblem, Migration, MigrationDirectory, RunnerProfile, Script } from '../../core/scripts';
import { detectedSearchPath } from './search-path';
import { filledIn, filledInSchemas } from './template-text';

export { findMigrationDirectories, stringsOf } from './find-directories';
export type { ScriptTemplate } from './layout';

interface DetectedLayout {
  readonly layout: LayoutName;
  /** One sentence for people: what was seen. */
  readonly reason: string;
}

interface DetectedDirectory extends DetectedLayout {
  readonly path: string;
}

/** The layout of a name; every name has one. */
export function layoutNamed(name: LayoutName): Layout {
  const layout = layouts.find((candidate) => candidate.name === name);
  if (!layout) throw new Error(`No layout is registered for ${name}.`);
  return layout;
}

/**
 * Reads a migrations directory. What is wrong with single files is in the value's `problems`.
 * @param dialect the database that the scripts are for; default: found out by names, configuration and SQL
 * Problems: `file-not-found` when there is no such folder, `layout-unknown` when `auto` finds scripts but no layout,
 * `file-unreadable` when the folder cannot be listed.
 */
export async function readMigrations(
  files: Files,
  directory: string,
  layout: LayoutName | 'auto',
  dialect: Dialect | 'auto' = 'auto',
): Promise<Outcome<MigrationDirectory>> {
  const path = trimmedPath(directory);
  const names = await outcomeOf(async () => ((await files.kind(path)) === 'folder' ? files.list(path) : undefined));
  if (!names.ok) return names;
  if (!names.value) return failure(noFolder(path));
  const chosen =
    layout === 'auto' ? await detectOrEmpty(files, path, names.value) : { layout, reason: `The layout ${layout} was requested.` };
  if (!chosen) return failure(unknownLayout(path));
  const owner = layoutNamed(chosen.layout);
  const reading = await outcomeOf(() => owner.read(files, path));
  if (!reading.ok) return reading;
  const ownRunner = reading.value.runner ?? owner.runner;
  const { migrations: read, problems } = withUniqueIds(reading.value);
  // Flyway has placeholders of its own: what looks like a template there is sent as it is.
  const migrations = owner.name === 'flyway' ? read : read.map(filledIn);
  const connection = await connected(files, path, owner.name, { migrations, runner: ownRunner });
  const runner = { ...connection, schemas: [...(connection.schemas ?? []), ...filledInSchemas(migrations)] };
  return success({
    path,
    layout: owner.name,
    runner,
    reason: chosen.reason,
    migrations,
    problems,
    ...(await dialectFields(files, path, { migrations, dialect: reading.value.dialect }, dialect)),
  });
}

/** The runner with the search path of its connection, where the project's files say one. */
async function connected(
  files: Files,
  path: string,
  layout: LayoutName,
  { runner, migrations }: Pick<LayoutReading, 'migrations'> & { readonly runner: RunnerProfile },
): Promise<RunnerProfile> {
  if (runner.searchPath) return runner;
  const searchPath = await detectedSearchPath(files, await listDirectory(files, path), layout, migrations);
  if (!searchPath) return runner;
  // These make the first schema for their own table.
  const makes = layout === 'dbmate' || layout === 'prisma';
  return { ...runner, searchPath, schemas: makes ? searchPath.filter((each) => each !== '$user').slice(0, 1) : runner.schemas };
}

/** The database that was asked for, or the one that the scripts are seen to be for. */
async function dialectFields(
  files: Files,
  path: string,
  read: Pick<LayoutReading, 'migrations' | 'dialect'>,
  asked: Dialect | 'auto',
): Promise<Pick<MigrationDirectory, 'dialect' | 'dialectReason'>> {
  if (asked !== 'auto') return { dialect: asked };
  const scripts = read.migrations.map(({ up }) => up.sql);
  const { dialect, reason }: DialectVerdict = read.dialect ?? (await dialectOf(files, path, scripts));
  return { dialect, dialectReason: reason };
}

/** Leaves out every migration whose id another one has already, `1_a.up.sql` beside `1_a.sql` for one, and reports it. */
function withUniqueIds({ migrations, problems }: LayoutReading): Pick<LayoutReading, 'migrations' | 'problems'> {
  const first = new Map<string, Migration>();
  const added: LayoutProblem[] = [];
  for (const migration of migrations) {
    const before = first.get(migration.id);
    const { file } = migration.up;
    if (!before) first.set(migration.id, migration);
    else if (!problems.some((problem) => problem.kind === 'duplicate-version' && problem.file === file)) {
      const range = { start: 0, end: 0 };
      const related = [{ file: before.up.file, range, message: `${migration.id} is used here too.` }];
      added.push({ kind: 'duplicate-version', file, range, message: `The name ${migration.id} is used by two migrations.`, related });
    }
  }
  return { migrations: [...first.values()], problems: [...problems, ...added] };
}

async function detectOrEmpty(files: Files, path: string, names: readonly string[]): Promise<DetectedLayout | undefined> {
  const detected = await detectLayout(files, path);
  if (detected) return detected;
  const empty = !names.some((name) => name.endsWith('/') || name.endsWith('.sql'));
  return empty ? { layout: 'plain', reason: 'The directory has no scripts yet; numbered files are expected.' } : undefined;
}

/** Which tool's conventions a directory follows; undefined when nothing in it looks like migrations. Never fails. */
export async function detectLayout(files: Files, directory: string): Promise<DetectedLayout | undefined> {
  const found = await surestLayout(files, trimmedPath(directory));
  return found && { layout: found.layout.name, reason: found.detection.reason };
}

/**
 * Reads files that have no order between them, each as a migration of its own, in path order. The directory's path is the
 * folder that all of them are in. Files that cannot be read are in the value's `problems`.
 */
export async function readLooseFiles(
  files: Files,
  paths: readonly string[],
  dialect: Dialect | 'auto' = 'auto',
): Promise<Outcome<MigrationDirectory>> {
  const path = commonFolder(paths);
  const reading = await readLoose(files, path, paths);
  const migrations = reading.migrations.map(filledIn);
  return success({
    path,
    layout: loose.name,
    runner: loose.runner,
    reason: 'The files were given individually.',
    ...reading,
    migrations,
    ...(await dialectFields(files, path, { ...reading, migrations }, dialect)),
  });
}

function commonFolder(paths: readonly string[]): string {
  let common = parentFolder(paths[0] ?? '/');
  while (!paths.every((path) => path.startsWith(joined(common, ''))) && parentFolder(common) !== common) common = parentFolder(common);
  return common;
}

/**
 * The migrations directory that a script belongs to, looking at most four folders up; undefined for a loose file. The
 * surest directory wins, then the nearest.
 */
export async function layoutOfFile(files: Files, path: string): Promise<DetectedDirectory | undefined> {
  const remembering = rememberingFiles(files);
  const found: (Found & { directory: string })[] = [];
  let directory = parentFolder(path);
  for (let i = 0; i < 4; i++) {
    const relative = path.slice(joined(directory, '').length);
    const surestHere = layouts.some((layout) => layout.owns(relative)) ? await surestLayout(remembering, directory) : undefined;
    if (surestHere?.layout.owns(relative)) found.push({ ...surestHere, directory });
    const parent = parentFolder(directory);
    if (parent === directory) break;
    directory = parent;
  }
  const best = surest(found);
  return best && { path: best.directory, layout: best.layout.name, reason: best.detection.reason };
}

/**
 * Where the down of a migration belongs and what to write there: a new file, or an addition to the file of the up.
 * `body` is its SQL (default: a comment). Undefined where the layout's tool knows no downs, and where there is one already.
 */
export function scriptTemplate(
  directory: Pick<MigrationDirectory, 'path' | 'layout'>,
  migration: Migration,
  body?: string,
): ScriptTemplate | undefined {
  if (migration.down) return undefined;
  return layoutNamed(directory.layout).downTemplate(migration, directory.path, body ?? `-- Undoes ${migration.id}.`);
}

/**
 * Makes the tool run the script outside a transaction, by the header that the layout has for it. Undefined where the script
 * runs outside one already, where the layout's setting is not in the script's own file, and where it would change more.
 */
export function noTransactionEdit(directory: Pick<MigrationDirectory, 'layout'>, script: Script): TextEdit | undefined {
  return script.transaction === 'none' ? undefined : layoutNamed(directory.layout).noTransactionEdit?.(script);
}

function noFolder(path: string): Problem {
  return {
    code: 'file-not-found',
    message: `${path} is not a folder; a directory of migrations was expected.`,
    remedy: 'Correct the path, or create the folder.',
    file: path,
  };
}

function unknownLayout(path: string): Problem {
  return {
    code: 'layout-unknown',
    message: `The migration tool of ${path} is unknown, and its file names do not start with a number.`,
    remedy: 'Set the layout (migrations.layout in the manifest), or start the file names with a number.',
    file: path,
  };
}
