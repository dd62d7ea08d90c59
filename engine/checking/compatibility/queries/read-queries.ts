import type { Files } from '../../../core/host';
import { baseName, joined, parentFolder, resolvePath } from '../../../core/paths';
import { ProblemError } from '../../../core/problem';
import { loadSqlParser } from '../../../databases/postgresql/sql/library';
import type { CodeQueries, IncludedFile } from './code-queries';
import { extractQueries, isReadable } from './extract';
import type { ReleaseQueries, ReleaseQuery, UnusableQuery } from './release-query';

/** Folders that hold no code of the release itself. */
const skippedFolders = new Set(
  'node_modules target dist vendor build out coverage migrations migration testdata test tests __tests__ __pycache__ venv site-packages'.split(
    ' ',
  ),
);
/** Files with the tests of a program, by the customs of the languages. */
const testFile = /(?:_test\.go|[._](?:test|spec)\.[cm]?[jt]sx?|(?:^|\/)(?:test_\w*|\w*_test|conftest)\.py|Tests?\.(?:java|kt))$/;

const maxFiles = 5000;
/** In UTF-16 code units, of which a file of code has about as many as bytes. */
const maxLength = 2 * 1024 * 1024;
const nowhere = { start: 0, end: 0 };

/**
 * Reads what a release sends to its database.
 * @param paths files and folders as the manifest writes them, relative to `folder`. Folders are read with all below them, apart
 * from dependencies, build results, migrations and tests; a file that is named itself is read whatever it is called.
 * At most 5,000 files are read, each up to 2 MB; what is left out is told as unusable.
 */
export async function readQueries(release: string, paths: readonly string[], folder: string, files: Files): Promise<ReleaseQueries> {
  await loadSqlParser();
  const reader = new QueryReader(files);
  const missing: string[] = [];
  for (const path of paths) {
    const absolute = resolvePath(folder, path);
    const kind = await files.kind(absolute);
    if (kind === 'missing') missing.push(path);
    else if (kind === 'file') await reader.readFile(absolute, nowhere);
    else await reader.readFolder(absolute);
  }
  return { release, queries: reader.queries, unusable: reader.unusable, missing };
}

class QueryReader {
  readonly queries: ReleaseQuery[] = [];
  readonly unusable: UnusableQuery[] = [];
  readonly #files: Files;
  readonly #seen = new Set<string>();

  constructor(files: Files) {
    this.#files = files;
  }

  async readFolder(folder: string): Promise<void> {
    const found: string[] = [];
    await this.#collect(folder, found);
    for (const [index, file] of found.entries()) {
      if (index === maxFiles) {
        this.unusable.push({
          file: folder,
          range: nowhere,
          reason: 'It contains more than 5,000 files that may have queries; the rest was not read.',
        });
        return;
      }
      await this.readFile(file, nowhere);
    }
  }

  async readFile(file: string, range: UnusableQuery['range']): Promise<void> {
    if (this.#seen.has(file)) return;
    this.#seen.add(file);
    const text = await this.#text(file);
    if (typeof text !== 'string') {
      this.unusable.push({ file, range, reason: text.reason });
      return;
    }
    const { queries, unusable, included } = cachedQueries(file, text);
    this.queries.push(...queries);
    this.unusable.push(...unusable);
    for (const each of included) await this.#include(file, each);
  }

  async #collect(folder: string, found: string[]): Promise<void> {
    for (const name of await this.#files.list(folder)) {
      if (found.length > maxFiles) return;
      if (!name.endsWith('/')) {
        if (isReadable(name) && !testFile.test(name)) found.push(joined(folder, name));
      } else if (!name.startsWith('.') && !skippedFolders.has(name.slice(0, -1)))
        await this.#collect(joined(folder, name.slice(0, -1)), found);
    }
  }

  async #text(file: string): Promise<string | { reason: string }> {
    try {
      const text = await this.#files.readText(file);
      return text.length <= maxLength ? text : { reason: 'It is larger than 2 MB and was not read.' };
    } catch (error) {
      if (error instanceof ProblemError) return { reason: `It cannot be read: ${error.problem.message}` };
      throw error;
    }
  }

  /** The compiler takes such paths from the folder of the package. */
  async #include(file: string, { path, range }: IncludedFile): Promise<void> {
    for (let folder = parentFolder(file); ; folder = parentFolder(folder)) {
      const isPackage = (await this.#files.kind(joined(folder, 'Cargo.toml'))) === 'file';
      if (isPackage || folder === parentFolder(folder)) {
        const target = resolvePath(folder, path);
        if (isPackage && (await this.#files.kind(target)) === 'file') return this.readFile(target, nowhere);
        this.unusable.push({ file, range, reason: `There is no file ${baseName(path)} at ${path} in the package.` });
        return;
      }
    }
  }
}

const cache = new Map<string, { readonly text: string; readonly found: CodeQueries }>();
const maxCachedFiles = 4 * maxFiles;

/** Files change rarely between two checks; what was found in one holds as long as its text. Forgets the oldest. */
function cachedQueries(file: string, text: string): CodeQueries {
  const known = cache.get(file);
  if (known?.text === text) return known.found;
  const found = extractQueries(file, text);
  cache.delete(file);
  cache.set(file, { text, found });
  const [oldest] = cache.keys();
  if (cache.size > maxCachedFiles && oldest !== undefined) cache.delete(oldest);
  return found;
}
