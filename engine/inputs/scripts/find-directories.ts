import { parse as parseYaml } from 'yaml';
import type { Files } from '../../core/host';
import { baseName, joined, parentFolder, resolvePath, trimmedPath } from '../../core/paths';
import { outcomeOf } from '../../core/problem';
import { type Found, surestLayout } from './detect';
import { holdsExamples, holdsNoMigrations, isProject, isSkipped, meaningOf } from './folder-names';
import { type Listing, rememberingFiles, versionFoldersIn } from './listing';
import { hasMarkers } from './marked-sections';
import type { LayoutName } from '../../core/scripts';

/** A migrations directory that was found. */
export interface FoundDirectory {
  readonly path: string;
  readonly layout: LayoutName;
  /** One sentence for people: what was seen. */
  readonly reason: string;
}

interface FindOptions {
  /** Folders below the root (default 12). */
  readonly maxDepth?: number;
  /** Folders that are looked at (default 20,000). */
  readonly maxFolders?: number;
  readonly signal?: AbortSignal;
  /** Called for every folder that is looked at, with the names in it. */
  readonly onFolder?: (path: string, names: readonly string[]) => void;
}

/**
 * Every migrations directory at or below `root`, in path order. Dependencies, build output, hidden and ignored folders are not
 * searched. Directories in tests, documentation and benchmarks, examples that are no project of their own, and the queries, seeds
 * and models of sqlc, dbt and others are left out; the root itself is never one of these. Files that only start with a number are
 * migrations where the folder is named so or its scripts define a schema.
 */
export async function findMigrationDirectories(files: Files, root: string, options: FindOptions = {}): Promise<FoundDirectory[]> {
  const search = new Search(rememberingFiles(files), trimmedPath(root), options);
  await search.run();
  return search.found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the folders above say about a folder. */
interface Place {
  readonly path: string;
  readonly depth: number;
  /** False in tests, documentation and the like. */
  readonly mayClaim: boolean;
  /** True in a folder of examples, as long as no project file was seen. */
  readonly isExample: boolean;
  /** True in a version's folder among others, which is no directory by itself. */
  readonly isVersion: boolean;
}

class Search {
  readonly found: FoundDirectory[] = [];
  readonly #never = new Set<string>();
  readonly #schemas = new Set<string>();
  #ignored: (path: string, name: string) => boolean = () => false;
  #budget: number;

  constructor(
    readonly files: Files,
    readonly root: string,
    readonly options: FindOptions,
  ) {
    this.#budget = options.maxFolders ?? 20_000;
  }

  async run(): Promise<void> {
    await this.#visit({ path: this.root, depth: 0, mayClaim: true, isExample: false, isVersion: false });
  }

  async #visit(place: Place): Promise<void> {
    this.options.signal?.throwIfAborted();
    if (this.#budget-- <= 0) return;
    const { path, depth } = place;
    const names = await this.#names(path);
    this.options.onFolder?.(path, names);
    if (place.mayClaim) await this.#readSettings(path, names);
    const here = { ...place, isExample: place.isExample && !isProject(names) };
    const folders = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
    const claimed = (await this.#mayHoldScripts(path, names, folders)) && (await this.#claim(here));
    if (claimed && (path !== this.root || claimed === 'flyway' || claimed === 'diesel' || claimed === 'prisma')) return;
    if (depth >= (this.options.maxDepth ?? 12)) return;
    const versions = new Set(await this.#versionFolders(path, folders));
    for (const folder of folders) {
      if (isSkipped(folder) || this.#ignored(joined(path, folder), folder)) continue;
      if (claimed === 'sqitch' && /^(?:deploy|revert|verify)$/.test(folder)) continue;
      await this.#visit({
        path: joined(path, folder),
        depth: depth + 1,
        mayClaim: here.mayClaim && !holdsNoMigrations(folder),
        isExample: here.isExample || holdsExamples(folder),
        isVersion: versions.has(folder),
      });
    }
  }

  async #names(path: string): Promise<string[]> {
    const names = await outcomeOf(() => this.files.list(path));
    return names.ok ? names.value : [];
  }

  /** Whether names alone let a layout be there, so that nothing is read in all the other folders. */
  async #mayHoldScripts(path: string, names: readonly string[], folders: readonly string[]): Promise<boolean> {
    if (names.some((name) => /^[A-Za-z]{0,9}\d.*\.sql$|__.*\.sql$|^(?:sqitch\.plan|atlas\.sum|migration_lock\.toml)$/.test(name)))
      return true;
    for (const folder of folders.filter((each) => !isSkipped(each)).slice(0, 5)) {
      if ((await this.#names(joined(path, folder))).some((name) => /^(?:up|migration)\.sql$/.test(name))) return true;
    }
    return (await this.#versionFolders(path, folders)).length > 0;
  }

  async #versionFolders(path: string, folders: readonly string[]): Promise<string[]> {
    const looked = folders.filter((folder) => /^[vV]?\d/.test(folder)).slice(0, 5);
    if (looked.length < 2) return [];
    const inFolders = new Map(await Promise.all(looked.map(async (folder) => [folder, await this.#names(joined(path, folder))] as const)));
    return versionFoldersIn({ folders, inFolders });
  }

  /** Takes the directory for migrations where enough says so; returns its layout then. */
  async #claim(place: Place): Promise<LayoutName | undefined> {
    const { path } = place;
    const isRoot = path === this.root;
    if (!isRoot && (!place.mayClaim || place.isExample || place.isVersion || this.#isNever(path))) return undefined;
    const surest = await surestLayout(this.files, path);
    if (!surest || !this.#isEnough(surest, path, isRoot)) return undefined;
    if (!isRoot && (await this.#isOfTests(path))) return undefined;
    const { layout, detection } = surest;
    this.found.push({ path, layout: layout.name, reason: detection.reason });
    return layout.name;
  }

  #isNever(path: string): boolean {
    for (let each = path; ; each = parentFolder(each)) {
      if (this.#never.has(each)) return true;
      if (each === this.root || parentFolder(each) === each) return false;
    }
  }

  #isEnough({ listing, ...found }: Found & { readonly listing: Listing }, path: string, isRoot: boolean): boolean {
    if (/^(?:sqitch\.plan|atlas\.sum|migration_lock\.toml)$/m.test(listing.files.join('\n'))) return true;
    const meaning = this.#schemas.has(path) ? 'definitions' : meaningOf(namesUp(path));
    if (meaning === 'other' && !isRoot) return false;
    if (found.detection.confidence === 'directive' || listing.folders.includes('meta')) return true;
    const { samples } = listing;
    const texts = samples.map(({ text }) => text).filter((text) => /\S/.test(text));
    const defining = texts.filter(definesSchema).length;
    if (texts.some(hasMarkers)) return true;
    if (texts.some(isOfQueries) || (found.layout.name === 'plain' && texts.some(isOfUnknownTool))) return false;
    if (isVersioned(found.layout.name, listing)) {
      const few = countVersions(listing) < 2;
      if (meaningOf([baseName(path)]) === 'migrations') return true;
      return (texts.length === 0 || defining > 0) && (meaning !== 'unknown' || isRoot || !few);
    }
    if (meaning === 'migrations') return true;
    if (meaning === 'definitions') return defining * 2 >= texts.length && (defining > 0 || listing.samples.length === 0);
    return isRoot && defining > 0;
  }

  /** Whether the Go package around a directory embeds it in its tests and nowhere else. */
  async #isOfTests(path: string): Promise<boolean> {
    for (let folder = parentFolder(path), level = 0; folder.startsWith(this.root) && level < 3; folder = parentFolder(folder), level++) {
      const sources = (await this.#names(folder)).filter((name) => name.endsWith('.go'));
      if (sources.length === 0) continue;
      const [first = ''] = path.slice(joined(folder, '').length).split('/');
      const embedding: string[] = [];
      for (const name of sources) if (embeds(await this.#text(joined(folder, name)), first)) embedding.push(name);
      return embedding.length > 0 && embedding.every((name) => name.endsWith('_test.go'));
    }
    return false;
  }

  /** Learns from the files of other tools which folders hold queries or models, and which hold the schema. */
  async #readSettings(path: string, names: readonly string[]): Promise<void> {
    if (path === this.root && names.includes('.gitignore')) this.#ignored = ignoring(await this.#text(joined(path, '.gitignore')), path);
    for (const name of names) {
      if (/^sqlc\.(?:ya?ml|json)$/.test(name)) {
        for (const { key, value } of stringsOf(parsed(await this.#text(joined(path, name))))) {
          if (key === 'queries') this.#leaveOut(resolvePath(path, value));
          if (key === 'schema') this.#schemas.add(resolvePath(path, value));
        }
      }
      if (/^dbt_project\.ya?ml$/.test(name)) {
        const own = stringsOf(parsed(await this.#text(joined(path, name)))).filter(({ key }) => /-paths$/.test(key));
        const usual = ['models', 'seeds', 'snapshots', 'macros', 'tests', 'analyses', 'analysis', 'data'];
        for (const each of [...usual, ...own.map(({ value }) => value)]) this.#leaveOut(resolvePath(path, each));
      }
    }
  }

  /** A file named leaves its folder out. */
  #leaveOut(path: string): void {
    const folder = /\.sql$/.test(path) ? parentFolder(path) : path.replace(/\/[^/]*\*.*$/, '');
    if (!this.#schemas.has(folder)) this.#never.add(folder);
  }

  async #text(path: string): Promise<string> {
    const text = await outcomeOf(() => this.files.readText(path));
    return text.ok ? text.value : '';
  }
}

/** Whether a `//go:embed` of the source takes files of a folder beside it. */
function embeds(source: string, folder: string): boolean {
  const patterns = [...source.matchAll(/^\/\/go:embed[ \t]+(.+)$/gm)].flatMap(([, list = '']) => list.trim().split(/[ \t]+/));
  return patterns.some((pattern) => pattern.replace(/^"|"$/g, '').replace(/^all:/, '').split('/')[0] === folder);
}

/** The directory's name and those above it, the nearest first. */
function namesUp(path: string): string[] {
  const names: string[] = [];
  for (let each = path; parentFolder(each) !== each && names.length < 8; each = parentFolder(each)) names.push(baseName(each));
  return names;
}

/** Names that hardly anything but a migration has. */
function isVersioned(layout: LayoutName, { files }: Listing): boolean {
  if (layout === 'flyway' || layout === 'diesel' || layout === 'prisma') return true;
  return (
    files.some((name) => /^[Vv]?\d.*\.(?:up|do)\.(?:.*\.)?sql$/.test(name)) &&
    files.some((name) => /\.(?:down|undo)\.(?:.*\.)?sql$/.test(name))
  );
}

function countVersions({ files, folders }: Listing): number {
  const numbers = [...files.filter((name) => name.endsWith('.sql')), ...folders].map((name) => /\d+(?:[._-]\d+)*/.exec(name)?.[0]);
  return new Set(numbers.filter((number) => number !== undefined)).size;
}

function definesSchema(text: string): boolean {
  return /^(?![ \t]*--).*\b(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:\w+\s+){0,2}(?:table|index|view|type|domain|function|procedure|trigger|schema|extension|sequence|policy|role|user|database|publication|aggregate|enum)\b/im.test(
    text,
  );
}

/** Queries that sqlc, pgTyped, yesql, HugSQL or aiosql give names to. */
function isOfQueries(text: string): boolean {
  return /^[ \t]*--[ \t]*(?:name:|:name)[ \t]*[\w$?!<>*^#-]+(?:[ \t]+:[\w?!*]+)*[ \t\r]*$/m.test(text) || /\/\*\s*@name\s+\w+/.test(text);
}

/** Files of Liquibase, whose order and downs are not in their names. */
function isOfUnknownTool(text: string): boolean {
  return /^[ \t]*--[ \t]*(?:liquibase[ \t]+formatted[ \t]+sql|changeset[ \t]+\S+:\S+)/im.test(text);
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
}

/** Every string in a tree of settings with the nearest key above it. */
export function stringsOf(value: unknown, key = '', within: ReadonlySet<unknown> = new Set()): { key: string; value: string }[] {
  if (typeof value === 'string') return [{ key, value }];
  // An alias of YAML may stand for what it is in.
  if (typeof value !== 'object' || value === null || within.has(value)) return [];
  const inside = new Set(within).add(value);
  if (Array.isArray(value)) return value.flatMap((each) => stringsOf(each, key, inside));
  return Object.entries(value).flatMap(([name, each]) => stringsOf(each, name, inside));
}

/** The folders that a repository's `.gitignore` names without wildcards. */
function ignoring(text: string, root: string): (path: string, name: string) => boolean {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const again = lines.filter((line) => line.startsWith('!'));
  const plainLines = lines.filter((line) => /^\/?[\w.@-]+(?:\/[\w.@-]+)*\/?$/.test(line)).map((line) => line.replace(/\/$/, ''));
  const kept = plainLines.filter((line) => !again.some((other) => other.includes(line.replace(/^\//, ''))));
  const names = new Set(kept.filter((line) => !line.includes('/')));
  const paths = new Set(kept.filter((line) => line.includes('/')).map((line) => resolvePath(root, line.replace(/^\//, ''))));
  return (path, name) => names.has(name) || paths.has(path);
}
