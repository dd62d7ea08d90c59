import type { Files } from '../../core/host';
import { outcomeOf } from '../../core/problem';
import { parentFolder, joined } from '../../core/paths';

/** A folder above a directory, or the directory itself. */
export interface FolderAround {
  readonly path: string;
  readonly names: readonly string[];
}

/** What detection looks at: names, the first scripts, and the project files around. Gathered once for all layouts. */
export interface Listing {
  readonly path: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** The file names in the first folders. */
  readonly inFolders: ReadonlyMap<string, readonly string[]>;
  /** The first and the last numbered SQL files; layouts with directives number theirs, and a dump beside them may be huge. */
  readonly samples: readonly { readonly name: string; readonly text: string }[];
  /** The directory itself and the folders above it, nearest first, up to the one that holds `.git`. */
  readonly around: readonly FolderAround[];
  /** Project files in `around` that name the tool in use, nearest first. */
  readonly projectFiles: readonly { readonly path: string; readonly name: string; readonly text: string }[];
}

const foldersAbove = 5;
const samplesAtEachEnd = 3;
const folderCount = 5;
const projectFileNames = ['Cargo.toml', 'go.mod', 'package.json', 'flyway.toml', 'flyway.conf', 'config.yaml'];

/** Gathers the listing of a directory. What cannot be read is left out. */
export async function listDirectory(files: Files, path: string): Promise<Listing> {
  const names = await namesOf(files, path);
  const folders = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  const fileNames = names.filter((name) => !name.endsWith('/'));
  const around = await foldersAround(files, path, names);
  const inFolders = await Promise.all(
    folders.slice(0, folderCount).map(async (folder) => {
      const inside = await namesOf(files, joined(path, folder));
      return [folder, inside.filter((name) => !name.endsWith('/'))] as const;
    }),
  );
  return {
    path,
    files: fileNames,
    folders,
    inFolders: new Map(inFolders),
    samples: await readAll(files, sampleNames(fileNames), (name) => joined(path, name)),
    around,
    projectFiles: await readAll(
      files,
      around.flatMap((folder) => projectFileNames.filter((name) => folder.names.includes(name)).map((name) => joined(folder.path, name))),
      (file) => file,
    ),
  };
}

function sampleNames(names: readonly string[]): string[] {
  const numbered = names.filter((name) => /^[Vv]?\d.*\.sql$/.test(name));
  return [...new Set([...numbered.slice(0, samplesAtEachEnd), ...numbered.slice(-samplesAtEachEnd)])];
}

/** The same files, with every folder and text read only once. */
export function rememberingFiles(files: Files): Files {
  const lists = new Map<string, Promise<string[]>>();
  const texts = new Map<string, Promise<string>>();
  return {
    ...files,
    list: (folder) => remembered(lists, folder, () => files.list(folder)),
    readText: (path) => remembered(texts, path, () => files.readText(path)),
  };
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const result = work();
  known.set(key, result);
  return result;
}

async function namesOf(files: Files, path: string): Promise<string[]> {
  const names = await outcomeOf(() => files.list(path));
  return names.ok ? names.value : [];
}

/** The directory itself and the folders above it, nearest first, up to the one that holds `.git`. What cannot be read is left out. */
export async function foldersAround(files: Files, path: string, names?: readonly string[]): Promise<FolderAround[]> {
  const around: FolderAround[] = [{ path, names: names ?? (await namesOf(files, path)) }];
  let folder = path;
  for (let i = 0; i < foldersAbove; i++) {
    const parent = parentFolder(folder);
    const last = around.at(-1);
    if (parent === folder || last?.names.includes('.git/') || last?.names.includes('.git')) break;
    folder = parent;
    around.push({ path: folder, names: await namesOf(files, folder) });
  }
  return around;
}

async function readAll(files: Files, names: readonly string[], pathOf: (name: string) => string) {
  const read = await Promise.all(
    names.map(async (name) => {
      const path = pathOf(name);
      const text = await outcomeOf(() => files.readText(path));
      return text.ok ? [{ path, name: path.slice(path.lastIndexOf('/') + 1), text: text.value }] : [];
    }),
  );
  return read.flat();
}

/** A folder that is a version, `0.19` or `v2`; the version is the first group. */
export const versionFolder = /^[Vv]?(\d+(?:[._]\d+)*)(?:_schema)?$/;

/** The folders that are versions and hold scripts, where most of the folders are. */
export function versionFoldersIn({ folders, inFolders }: Pick<Listing, 'folders' | 'inFolders'>): string[] {
  const versions = folders.filter((folder) => versionFolder.test(folder));
  if (versions.length < 2 || versions.length * 2 < folders.length) return [];
  const looked = versions.filter((folder) => inFolders.has(folder));
  const withScripts = looked.filter((folder) => inFolders.get(folder)?.some((name) => name.endsWith('.sql')));
  return withScripts.length > 0 && withScripts.length * 2 >= looked.length ? versions : [];
}

/** The nearest folder that holds a file or folder of this name (folders with `/`), the directory itself first. */
export function nearestWith(listing: Listing, name: string): string | undefined {
  return listing.around.find((folder) => folder.names.includes(name))?.path;
}

/** The nearest project file of this name whose text matches. */
export function projectFileWith(listing: Listing, name: string, pattern: RegExp): string | undefined {
  return listing.projectFiles.find((file) => file.name === name && pattern.test(file.text))?.path;
}

/** The first script with a line that matches; patterns are anchored at line starts and see lines without their end. */
export function sampleWith(listing: Listing, pattern: RegExp): string | undefined {
  return listing.samples.find((sample) => sample.text.split(/\r?\n/).some((line) => pattern.test(line)))?.name;
}
