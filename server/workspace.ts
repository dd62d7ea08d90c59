import type { Logger } from '#engine/core/host';
import { discoverProjects } from '#engine/project/discover';
import { SettledHistory } from '#engine/settled/settlement';
import { ProjectEntry } from './project-entry';
import type { OpenDocuments } from './documents';
import type { Runtime } from './runtime';
import type { Settings } from './settings';
import type { ShadowPool } from './shadow-pool';

/** The upgrade projects of the workspace's folders. */
export class Workspace {
  #folders: readonly string[] = [];
  #entries: Promise<ReadonlyMap<string, ProjectEntry>> | undefined;
  #known: ReadonlyMap<string, ProjectEntry> = new Map();
  readonly #listeners: ((entry: ProjectEntry) => void)[] = [];
  readonly #progressListeners: (() => void)[] = [];
  readonly #history: SettledHistory;

  constructor(
    private readonly runtime: Runtime,
    private readonly open: OpenDocuments,
    private readonly shadows: ShadowPool,
    private readonly settings: () => Settings,
  ) {
    this.#history = new SettledHistory(runtime.git);
  }

  get logger(): Logger {
    return this.runtime.logger;
  }

  get files() {
    return this.open.files;
  }

  onAnalysed(listener: (entry: ProjectEntry) => void): void {
    this.#listeners.push(listener);
  }

  /** Listens for the beginning, the steps and the end of work. */
  onProgress(listener: () => void): void {
    this.#progressListeners.push(listener);
  }

  /** The projects that are known, without looking for others. */
  get known(): readonly ProjectEntry[] {
    return [...this.#known.values()];
  }

  /** Something was committed, checked out or fetched. */
  repositoryChanged(): void {
    this.#history.forget();
    this.invalidateAll();
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#entries = undefined;
  }

  /** Files were created or deleted: which projects there are has to be found out again. */
  structureChanged(): void {
    this.#entries = undefined;
  }

  async entries(): Promise<ProjectEntry[]> {
    return [...(await this.#discover()).values()];
  }

  /** The project that a file belongs to; a manifest's before a bare directory's. */
  async entryOf(path: string): Promise<ProjectEntry | undefined> {
    const entries = await this.#discover();
    const exact = entries.get(path);
    if (exact) return exact;
    for (const entry of entries.values()) if (await entry.owns(path)) return entry;
    return undefined;
  }

  async contentChanged(path: string): Promise<void> {
    const entry = await this.entryOf(path);
    entry?.invalidate();
  }

  invalidateAll(): void {
    for (const entry of this.#known.values()) entry.invalidate();
  }

  #discover(): Promise<ReadonlyMap<string, ProjectEntry>> {
    this.#entries ??= this.#search();
    return this.#entries;
  }

  async #search(): Promise<ReadonlyMap<string, ProjectEntry>> {
    const entries = new Map<string, ProjectEntry>();
    for (const folder of this.#folders) {
      const paths = await discoverProjects(this.files, folder).catch((error: unknown) => {
        this.logger.error(`Looking for projects in ${folder} failed: ${String(error)}`);
        return [];
      });
      for (const path of paths) entries.set(path, this.#known.get(path) ?? this.#newEntry(path));
    }
    this.#known = entries;
    return entries;
  }

  #newEntry(path: string): ProjectEntry {
    return new ProjectEntry(path, {
      files: this.files,
      clock: this.runtime.clock,
      logger: this.logger,
      history: this.#history,
      settings: this.settings,
      shadow: (project) => this.shadows.shadowOf(project),
      analysed: (entry) => this.#listeners.forEach((listener) => listener(entry)),
      progressed: () => this.#progressListeners.forEach((listener) => listener()),
    });
  }
}
