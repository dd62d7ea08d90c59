import type { Logger } from '#engine/core/host';
import { parentFolder } from '#engine/core/paths';
import { Checkouts, discoverProjects, ownerOf, type Project, SettledHistory } from '#engine/operations/checking';
import { isManifestPath } from '#engine/inputs/manifest/find-manifest';
import { selfAndAncestors } from './ancestors';
import type { OpenDocuments } from './documents';
import type { FileChanges } from './file-changes';
import { ProjectEntry } from './project-entry';
import type { Runtime } from './runtime';
import type { Settings } from './settings';
import type { ShadowPool } from './shadow-pool';

/** The upgrade projects of the workspace's folders; without folders, those of the open documents. */
export class Workspace {
  #folders: readonly string[] = [];
  #toldOfFolders = false;
  #entries: Promise<ReadonlyMap<string, ProjectEntry>> | undefined;
  #search: Promise<ReadonlyMap<string, ProjectEntry>> = Promise.resolve(new Map());
  #known: ReadonlyMap<string, ProjectEntry> = new Map();
  readonly #analysed: ((entry: ProjectEntry) => void)[] = [];
  readonly #gone: ((entry: ProjectEntry) => void)[] = [];
  readonly #progressed: (() => void)[] = [];
  readonly #history: SettledHistory;
  readonly #checkouts = new Checkouts(() => this.#folders);

  constructor(
    private readonly runtime: Runtime,
    private readonly open: OpenDocuments,
    private readonly shadows: ShadowPool,
    readonly settings: () => Settings,
  ) {
    this.#history = new SettledHistory(runtime.git);
  }

  get logger(): Logger {
    return this.runtime.logger;
  }

  get clock() {
    return this.runtime.clock;
  }

  get files() {
    return this.open.files;
  }

  onAnalysed(listener: (entry: ProjectEntry) => void): void {
    this.#analysed.push(listener);
  }

  /** A project is no longer there: its manifest or its directory was deleted, moved, or taken over by a manifest. */
  onGone(listener: (entry: ProjectEntry) => void): void {
    this.#gone.push(listener);
  }

  /** Listens for the beginning, the steps and the end of work. */
  onProgress(listener: () => void): void {
    this.#progressed.push(listener);
  }

  /** The projects that are known, without looking for others. */
  get known(): readonly ProjectEntry[] {
    return [...this.#known.values()];
  }

  /** Something was committed, checked out or fetched, which decides what is settled. */
  repositoryChanged(): void {
    this.#history.forget();
    this.invalidateAll();
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#checkouts.forget();
    this.#entries = undefined;
  }

  /** A document was opened, which may belong to another project if the workspace has no folders. */
  opened(): void {
    if (this.#folders.length === 0) this.#entries = undefined;
  }

  /** The projects, those with an open document first. */
  async entries(): Promise<ProjectEntry[]> {
    const entries = [...(await this.#discover()).values()];
    const open = new Set<ProjectEntry>();
    for (const path of this.open.openPaths()) {
      const entry = await this.entryOf(path);
      if (entry) open.add(entry);
    }
    return [...open, ...entries.filter((entry) => !open.has(entry))];
  }

  /** The projects that can be read, in the order of `entries`. */
  async projects(): Promise<Project[]> {
    const projects: Project[] = [];
    for (const entry of await this.entries()) {
      const outcome = await entry.project();
      if (outcome.ok) projects.push(outcome.value);
    }
    return projects;
  }

  /** The project that a file belongs to; a manifest's before a bare directory's. Projects elsewhere are not read for the answer. */
  async entryOf(path: string): Promise<ProjectEntry | undefined> {
    const entries = await this.#discover();
    const exact = entries.get(path);
    if (exact) return exact;
    const above = [...selfAndAncestors(parentFolder(path))];
    const manifests = [...entries.values()].filter((entry) => isManifestPath(entry.path));
    const near = above.flatMap((folder) => manifests.filter((entry) => parentFolder(entry.path) === folder));
    for (const entry of near) if (await entry.owns(path)) return entry;
    const directory = above.map((folder) => entries.get(folder)).find((entry) => entry !== undefined);
    if (directory) return directory;
    for (const entry of entries.values()) if (!near.includes(entry) && (await entry.owns(path))) return entry;
    return undefined;
  }

  /** Looks at projects that were read from what changed again when they are asked for, and finds out again which there are. */
  filesChanged(changes: FileChanges): void {
    if (changes.mayMoveProjects(this.#known.keys())) {
      this.#entries = undefined;
      const looked = this.#checkouts.forget();
      for (const entry of this.#known.values()) if (looked.has(entry.path)) entry.invalidate();
    }
    for (const entry of this.#known.values()) if (entry.isConcernedBy(changes)) entry.invalidate();
  }

  invalidateAll(): void {
    for (const entry of this.#known.values()) entry.invalidate();
  }

  /** Forgets everything that was read, found or analysed. */
  reset(): void {
    this.open.forgetAll();
    this.#history.forget();
    this.#checkouts.forget();
    const known = this.#known;
    this.#known = new Map();
    this.#entries = undefined;
    this.#leave([...known.values()]);
  }

  #discover(): Promise<ReadonlyMap<string, ProjectEntry>> {
    if (!this.#entries) {
      const earlier = this.#search;
      this.#entries = earlier.then(() => this.#searchAgain());
      this.#search = this.#entries;
    }
    return this.#entries;
  }

  async #searchAgain(): Promise<ReadonlyMap<string, ProjectEntry>> {
    const known = this.#known;
    const entries = new Map<string, ProjectEntry>();
    for (const path of await (this.#folders.length > 0 ? this.#pathsInFolders() : this.#pathsOfOpen()))
      entries.set(path, known.get(path) ?? this.#newEntry(path));
    if (this.#known === known) this.#known = entries;
    this.#leave([...known.values()].filter(({ path }) => !entries.has(path)));
    return entries;
  }

  async #pathsInFolders(): Promise<string[]> {
    const paths: string[] = [];
    for (const folder of this.#folders)
      paths.push(
        ...(await discoverProjects(this.files, folder).catch((error: unknown) => {
          this.logger.error(`Looking for projects in ${folder} failed: ${String(error)}`);
          return [];
        })),
      );
    return paths;
  }

  async #pathsOfOpen(): Promise<string[]> {
    const paths: string[] = [];
    for (const path of this.open.openPaths()) {
      if (isManifestPath(path)) paths.push(path);
      if (!/\.sql$/i.test(path)) continue;
      const owner = await ownerOf(this.files, path).catch((error: unknown) => {
        this.logger.error(`Looking for the project of ${path} failed: ${String(error)}`);
        return undefined;
      });
      if (owner !== undefined) paths.push(owner);
      else this.#tellOfFolders(path);
    }
    return paths;
  }

  #tellOfFolders(path: string): void {
    if (this.#toldOfFolders) return;
    this.#toldOfFolders = true;
    this.logger.warn(`${path} is not checked: its folder was not recognised as migrations. Open the folder that contains the migrations.`);
  }

  #leave(entries: readonly ProjectEntry[]): void {
    for (const entry of entries) {
      entry.invalidate();
      this.#gone.forEach((listener) => listener(entry));
    }
  }

  #newEntry(path: string): ProjectEntry {
    return new ProjectEntry(path, {
      files: this.files,
      clock: this.runtime.clock,
      logger: this.logger,
      history: this.#history,
      checkouts: this.#checkouts,
      settings: this.settings,
      withShadow: (turn, work) => this.shadows.use(turn, work),
      becameUrgent: () => this.shadows.look(),
      analysed: (entry) => {
        const problem = entry.latest?.shadowProblem;
        if (problem?.code === 'shadow-unavailable') this.shadows.failed(problem);
        this.#analysed.forEach((listener) => listener(entry));
      },
      progressed: () => this.#progressed.forEach((listener) => listener()),
    });
  }
}
