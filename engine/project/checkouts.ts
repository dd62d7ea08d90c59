import type { FindOtherHistories, OtherHistory, PlacedStatement } from '../assumptions/other-histories';
import type { Files } from '../core/host';
import { compareCodePoints, joined, parentFolder } from '../core/paths';
import { outcomeOf } from '../core/problem';
import { findMigrationDirectories, readMigrations } from '../layouts/index';
import type { MigrationDirectory } from '../layouts/migration';
import { parseScript, parseStatements } from '../sql/parser';
import { environmentSql } from './environment';

/** Folders that dependencies are copied to. */
const copies = ['vendor', 'third_party'];
const mostFolders = 20_000;
/** Other directories whose scripts are read, the nearest first. */
const mostDirectories = 100;

/** The migrations directories of whole checkouts, looked for when something is first asked of them. */
export class Checkouts {
  readonly #directories = new Map<string, Promise<readonly string[]>>();

  /** @param folders the folders that are checked; what lies above one counts only up to a `.git` */
  constructor(readonly folders: () => readonly string[]) {}

  /** Files or folders were created or deleted. */
  forget(): void {
    this.#directories.clear();
  }

  /** Looks in the other migrations directories of a directory's checkout. What cannot be read is left out. */
  finder(files: Files, directory: string): FindOtherHistories {
    return async (names) => {
      const root = await this.#rootOf(files, directory);
      const found: OtherHistory[] = [];
      for (const path of await this.#othersOf(files, root, directory)) {
        const read = await outcomeOf(() => readMigrations(files, path, 'auto'));
        if (!read.ok || !read.value.ok || read.value.value.dialect !== 'postgresql') continue;
        if (!mayCreate(read.value.value, names)) continue;
        found.push({ title: path.slice(joined(root, '').length), statements: statementsOf(read.value.value) });
      }
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

  async #othersOf(files: Files, root: string, directory: string): Promise<string[]> {
    const known = this.#directories.get(root) ?? directoriesIn(files, root);
    this.#directories.set(root, known);
    const others = (await known).filter((path) => path !== directory && !isBelow(path, directory) && !isBelow(directory, path));
    return others
      .sort((a, b) => sharedDepth(b, directory) - sharedDepth(a, directory) || compareCodePoints(a, b))
      .slice(0, mostDirectories);
  }
}

async function directoriesIn(files: Files, root: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const start of [root, ...copies.map((name) => joined(root, name))]) {
    const directories = await outcomeOf(() => findMigrationDirectories(files, start, { maxFolders: mostFolders }));
    for (const { path } of directories.ok ? directories.value : []) found.add(path);
  }
  return [...found];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(joined(folder, ''));
}

function sharedDepth(path: string, other: string): number {
  const parts = other.split('/');
  const different = path.split('/').findIndex((part, index) => part !== parts[index]);
  return different < 0 ? parts.length : different;
}

/** False when no script can create an object of any of the names, so that none has to be parsed. */
function mayCreate(directory: MigrationDirectory, names: readonly string[]): boolean {
  const texts = [environmentSql(directory), ...directory.migrations.map(({ up }) => up.sql)];
  return names.some((name) => {
    const creation = new RegExp(`\\b(?:create|rename)\\b[^;]*?(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`, 'i');
    return texts.some((text) => creation.test(text));
  });
}

/** The statements of the up scripts, behind those that make what exists before the first of them. */
function statementsOf(directory: MigrationDirectory): PlacedStatement[] {
  const before = parseStatements(environmentSql(directory)).map((statement) => ({ file: directory.path, statement }));
  return [...before, ...directory.migrations.flatMap(({ up }) => parseScript(up).map((statement) => ({ file: up.file, statement })))];
}
