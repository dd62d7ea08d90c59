import type { FindOtherHistories, OtherHistory, PlacedStatement } from '../../databases/other-histories';
import { type AnyTree, databaseOf } from '../../databases/registry/index';
import type { Files } from '../../core/host';
import type { MigrationDirectory } from '../../core/scripts';
import type { Database } from '../../databases/database';
import { compareCodePoints, joined, parentFolder } from '../../core/paths';
import { outcomeOf } from '../../core/problem';
import { holdsExamples, holdsNoMigrations } from '../../inputs/scripts/folder-names';
import { findMigrationDirectories, readMigrations } from '../../inputs/scripts/index';
import { environmentSql } from './environment';

/** Folders that dependencies are copied to. */
const copies = ['vendor', 'third_party'];
const mostFolders = 20_000;
/** Other directories and schema files that are read, the nearest first. */
const mostRead = 100;
/** Names of files that create a schema as a whole. */
const schemaFile = /(?:^|[^a-z])(?:baseline|create|ddl|init|install|schemas?|setup|structure|tables)(?:[^a-z].*)?\.sql$/i;

/** What creates tables in a checkout. */
interface Sources {
  readonly directories: readonly string[];
  /** Files outside of the directories. */
  readonly schemaFiles: readonly string[];
}

/** The migrations directories and schema files of whole checkouts, looked for when something is first asked of them. */
export class Checkouts {
  readonly #sources = new Map<string, Promise<Sources>>();
  readonly #looked = new Set<string>();

  /** @param folders the folders that are checked; what lies above one counts only up to a `.git` */
  constructor(readonly folders: () => readonly string[]) {}

  /** Files or folders were created or deleted. Returns the roots of projects for which something was looked for before. */
  forget(): ReadonlySet<string> {
    const looked = new Set(this.#looked);
    this.#looked.clear();
    this.#sources.clear();
    return looked;
  }

  /**
   * Looks in the other migrations directories of a directory's checkout, then in its schema files. What cannot be read is left out.
   * @param project the root of the project that the directory belongs to
   */
  finder(files: Files, { path: directory, dialect }: MigrationDirectory, project: string): FindOtherHistories<AnyTree> {
    const database = databaseOf(dialect);
    return async (names) => {
      if (!database) return [];
      this.#looked.add(project);
      const root = await this.#rootOf(files, directory);
      const known = this.#sources.get(root) ?? sourcesIn(files, root);
      this.#sources.set(root, known);
      const { directories, schemaFiles } = await known;
      const found: OtherHistory<AnyTree>[] = [];
      const add = (path: string, statements: readonly PlacedStatement<AnyTree>[]) => {
        if (statements.length > 0) found.push({ title: path.slice(joined(root, '').length), statements });
      };
      for (const path of nearestFirst(directories, directory)) add(path, await statementsOf(files, path, names, database));
      for (const path of nearestFirst(schemaFiles, directory)) add(path, await statementsIn(files, path, names, database));
      return found;
    };
  }

  /** The nearest folder with `.git` at or above the directory, or else the outermost folder that is checked and holds it. */
  async #rootOf(files: Files, directory: string): Promise<string> {
    for (let folder = directory; ; folder = parentFolder(folder)) {
      const names = await outcomeOf(() => files.list(folder));
      if (names.ok && names.value.some((name) => name === '.git/' || name === '.git')) return folder;
      if (parentFolder(folder) === folder) break;
    }
    const around = this.folders().filter((folder) => directory.startsWith(joined(folder, '')));
    return around.sort((a, b) => a.length - b.length)[0] ?? directory;
  }
}

async function sourcesIn(files: Files, root: string): Promise<Sources> {
  const directories = new Set<string>();
  const schemaFiles = new Set<string>();
  const onFolder = (folder: string, names: readonly string[]) => {
    const below = folder.slice(joined(root, '').length).split('/');
    if (below.some((name) => holdsNoMigrations(name) || holdsExamples(name))) return;
    for (const name of names) if (schemaFile.test(name)) schemaFiles.add(joined(folder, name));
  };
  for (const start of [root, ...copies.map((name) => joined(root, name))]) {
    const found = await findMigrationDirectories(files, start, { maxFolders: mostFolders, onFolder });
    for (const { path } of found) directories.add(path);
  }
  const isFree = (file: string) => ![...directories].some((directory) => isBelow(file, directory));
  return { directories: [...directories], schemaFiles: [...schemaFiles].filter(isFree) };
}

/** Those that are neither the directory nor in or around it. */
function nearestFirst(paths: readonly string[], directory: string): string[] {
  return paths
    .filter((path) => path !== directory && !isBelow(path, directory) && !isBelow(directory, path))
    .sort((a, b) => sharedDepth(b, directory) - sharedDepth(a, directory) || compareCodePoints(a, b))
    .slice(0, mostRead);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(joined(folder, ''));
}

function sharedDepth(path: string, other: string): number {
  const parts = other.split('/');
  const different = path.split('/').findIndex((part, index) => part !== parts[index]);
  return different < 0 ? parts.length : different;
}

/** False when no text can create an object of any of the names, so that none has to be parsed. */
function mayCreate(texts: readonly string[], names: readonly string[]): boolean {
  return names.some((name) => {
    const creation = new RegExp(`\\b(?:create|rename)\\b[^;]*?(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`, 'i');
    return texts.some((text) => creation.test(text));
  });
}

/** The statements of a directory's up scripts, behind those that make what exists before the first of them; none where no name is created. */
async function statementsOf(
  files: Files,
  path: string,
  names: readonly string[],
  { dialect, language }: Database<AnyTree>,
): Promise<PlacedStatement<AnyTree>[]> {
  const read = await outcomeOf(() => readMigrations(files, path, 'auto'));
  if (!read.ok || !read.value.ok || read.value.value.dialect !== dialect) return [];
  const directory = read.value.value;
  const environment = environmentSql(directory);
  if (!mayCreate([environment, ...directory.migrations.map(({ up }) => up.sql)], names)) return [];
  return [
    ...language.parse({ sql: environment }).map((statement) => ({ file: path, statement })),
    ...directory.migrations.flatMap(({ up }) => language.parse(up).map((statement) => ({ file: up.file, statement }))),
  ];
}

/** The statements of a schema file; none where no name is created. */
async function statementsIn(
  files: Files,
  file: string,
  names: readonly string[],
  { language }: Database<AnyTree>,
): Promise<PlacedStatement<AnyTree>[]> {
  const text = await outcomeOf(() => files.readText(file));
  return text.ok && mayCreate([text.value], names) ? language.parse({ sql: text.value }).map((statement) => ({ file, statement })) : [];
}
