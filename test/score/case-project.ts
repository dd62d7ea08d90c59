import type { Check } from '#engine/checking/checks/check';
import { ProblemError } from '#engine/core/problem';
import { type MemoryFiles, memoryFiles } from '#engine/host/memory-files';
import { readMigrations } from '#engine/inputs/scripts/index';
import type { Migration, MigrationDirectory, Script } from '#engine/core/scripts';
import { firstLineHeader } from '#engine/inputs/scripts/pairs';
import { wholeScript } from '#engine/inputs/scripts/sections';
import { openProject } from '#engine/checking/project/open-project';
import type { Project } from '#engine/checking/project/project';
import type { TableStatistics } from '#engine/inputs/statistics/statistics';
import { type ScoreCase, upName } from './case-format';
import { hasManifest } from './read-cases';

const folder = '/case/scripts';
const beforeFile = '/case/before.sql';
const manifestFile = '/case/upgrade.yaml';

/** The absolute path that a script of a case has in its project. */
function pathOf(name: string): string {
  return `${folder}/${name}`;
}

/** A script's name from its path, or the path itself for what is no script of the case. */
export function nameOf(path: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** True for what only sets the scene: nothing in it is judged. */
export function isBefore(path: string): boolean {
  return path === beforeFile;
}

/** True for a case whose history is unknown: the tables that its script uses are assumed. */
export function isLoose({ before, sql, down }: ScoreCase): boolean {
  return before === undefined && sql !== undefined && down === undefined;
}

/** The files that a case starts with. */
export async function filesOf(each: ScoreCase): Promise<MemoryFiles> {
  const files = memoryFiles(Object.fromEntries(Object.entries(each.scripts).map(([name, text]) => [pathOf(name), text])));
  if (each.before === undefined) return files;
  const read = await readMigrations(files, folder, layoutOf(each));
  if (!read.ok) throw new ProblemError(read.problem);
  const ids = read.value.migrations.map(({ id }) => id);
  await files.write(manifestFile, manifestText(ids, saysNothingOfDowns(each)));
  return files;
}

/** True for a script without a down in a case that is not about that: its release is left by restoring a backup. */
function saysNothingOfDowns({ sql, down, expect, forbid }: ScoreCase): boolean {
  const named = [...forbid, ...expect.map(({ hazard }) => hazard)];
  return sql !== undefined && down === undefined && !named.includes('P71');
}

/** What ran before is release 1.0.0, what is under test is release 2.0.0. */
function manifestText(ids: readonly string[], goesBackByBackup: boolean): string {
  return [
    'manifest: 1',
    'system: case',
    `migrations: { directory: scripts }`,
    'releases:',
    '  - version: 1.0.0',
    '    migrations: [before]',
    '  - version: 2.0.0',
    ...(goesBackByBackup ? ['    rollback: restore'] : []),
    `    migrations: [${ids.map((id) => JSON.stringify(id)).join(', ')}]`,
    '',
  ].join('\n');
}

/**
 * Opens a case as a project, from files that may have been changed since.
 * @throws ProblemError when the files cannot be read as a project
 */
export async function caseProject(each: ScoreCase, files: MemoryFiles, checks: readonly Check[]): Promise<Project> {
  const path = isLoose(each) ? pathOf(upName) : each.before === undefined ? folder : manifestFile;
  const minimum = each.minimum === undefined ? {} : { minimum: each.minimum };
  const opened = await openProject({ files, paths: [path], layout: layoutOf(each), ...minimum });
  if (!opened.ok) throw new ProblemError(opened.problem);
  const project = opened.value;
  const directory = project.directory && withRunner(withBefore(project.directory, each), each);
  return { ...project, directory, configuration: { ...optedIn(each, checks), ...project.configuration } };
}

function layoutOf(each: ScoreCase) {
  return each.sql === undefined ? (each.layout ?? 'auto') : isLoose(each) ? 'auto' : 'plain';
}

function withBefore(directory: MigrationDirectory, { before, scripts }: ScoreCase): MigrationDirectory {
  if (before === undefined || hasManifest(scripts)) return directory;
  const up = wholeScript(beforeFile, 'up', before, firstLineHeader(before, '-- no-transaction'));
  const migration: Migration = { id: 'before', version: '0', name: 'before', up, down: undefined, verify: undefined, repeatable: false };
  return { ...directory, migrations: [migration, ...directory.migrations] };
}

/** How the case says that its script is run; a header in the script itself still wins. */
function withRunner(directory: MigrationDirectory, { runner }: ScoreCase): MigrationDirectory {
  if (!runner) return directory;
  const { transaction = directory.runner.transaction, sends = directory.runner.sends } = runner;
  const adjusted = (script: Script): Script =>
    isBefore(script.file) || script.transactionHeader ? script : { ...script, transaction: runner.transaction ?? script.transaction };
  const migrations = directory.migrations.map((migration) => ({
    ...migration,
    up: adjusted(migration.up),
    down: migration.down && adjusted(migration.down),
  }));
  return { ...directory, runner: { ...directory.runner, transaction, sends }, migrations };
}

/** Checks that are off by themselves are on where a case names one of their hazards. */
function optedIn({ expect, forbid }: ScoreCase, checks: readonly Check[]): Project['configuration'] {
  const named = new Set([...expect.map(({ hazard }) => hazard), ...forbid]);
  const chosen = checks.filter(({ optIn, hazards }) => optIn && hazards.some((hazard) => named.has(hazard)));
  return Object.fromEntries(chosen.map(({ id, severity }) => [id, severity]));
}

export function statisticsOf({ statistics }: ScoreCase): TableStatistics | undefined {
  if (!statistics) return undefined;
  const tables = Object.entries(statistics).map(
    ([name, { rows = 0, bytes = rows * 100, writesPerSecond }]) =>
      [name.includes('.') ? name : `public.${name}`, { rows, bytes, writesPerSecond }] as const,
  );
  return { file: '/case/statistics.json', takenAt: '2026-01-01T00:00:00Z', tables: new Map(tables) };
}
