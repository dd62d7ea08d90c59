import { EventEmitter, Uri, workspace, type Disposable, type LogOutputChannel } from 'vscode';
import { enginePath } from '#engine/core/paths';
import { nodeFiles } from '#engine/host/node-files';
import type { ProjectInfo } from '#protocol';
import { contextKeys, setContextKey } from './context-keys';
import type { Server } from './language-server';
import { defaultTargetSetting } from './settings';
import { lookAround, type Sight } from './workspace-look';

const manifestGlob = '**/{upgrade,*.upgrade}.{yaml,yml}';

/** A project that has a manifest. */
export interface ManifestProject extends Omit<ProjectInfo, 'manifest'> {
  readonly manifest: Uri;
}

/** A migrations directory without a manifest. */
export interface DirectoryProject extends Omit<ProjectInfo, 'directory'> {
  readonly directory: Uri;
}

/** The upgrade projects of the workspace, asked from the server when first needed and again after a manifest changed. */
export class Projects implements Disposable {
  readonly #changed = new EventEmitter<void>();
  /** What is known may be out of date. */
  readonly onDidChange = this.#changed.event;
  readonly #loaded = new EventEmitter<void>();
  /** `known` is up to date. */
  readonly onDidLoad = this.#loaded.event;
  readonly #watcher = workspace.createFileSystemWatcher(manifestGlob);
  #loading: Promise<readonly ManifestProject[]> | undefined;
  #known: readonly ManifestProject[] = [];
  #directories: readonly DirectoryProject[] = [];
  #failure: string | undefined;
  #sight: Sight = { hasManifest: false, hasMigrations: false };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: Server,
    private readonly log: LogOutputChannel,
  ) {
    this.#watcher.onDidCreate(() => this.#changedSoon());
    this.#watcher.onDidChange(() => this.#changedSoon());
    this.#watcher.onDidDelete(() => this.#changedSoon());
  }

  /** What is known without asking the server. */
  get known(): readonly ManifestProject[] {
    return this.#known;
  }

  /** Migrations directories that no manifest owns, the one with the most migrations first. */
  get directories(): readonly DirectoryProject[] {
    return this.#directories;
  }

  /** Why the last question to the server had no answer. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** All projects with a manifest; what was known before, with a log line, when the server does not answer. */
  list(): Promise<readonly ManifestProject[]> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The project of a manifest; one that is not known yet is asked for once more. */
  async find(manifest: Uri): Promise<ManifestProject | undefined> {
    const isIt = (project: ManifestProject): boolean => project.manifest.fsPath === manifest.fsPath;
    const found = (await this.list()).find(isIt);
    if (found) return found;
    this.refresh();
    return (await this.list()).find(isIt);
  }

  /** Forgets what is known; listeners ask again. */
  refresh(): void {
    this.#loading = undefined;
    this.#changed.fire();
  }

  /** Looks at the folders of the workspace without the server, and shows the commands and views of manifests if there is one. */
  async look(): Promise<Sight> {
    const files = nodeFiles();
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const sights = await Promise.all(folders.map(({ uri }) => lookAround(files, enginePath(uri.fsPath))));
    this.#sight = {
      hasManifest: sights.some(({ hasManifest }) => hasManifest),
      hasMigrations: sights.some(({ hasMigrations }) => hasMigrations),
    };
    await this.#showManifests();
    return this.#sight;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher.dispose();
    this.#changed.dispose();
    this.#loaded.dispose();
  }

  #changedSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.look();
      if (this.#loading) this.refresh();
    }, 300);
  }

  async #showManifests(): Promise<void> {
    await setContextKey(contextKeys.hasManifest, this.#sight.hasManifest || this.#known.length > 0);
  }

  async #load(): Promise<readonly ManifestProject[]> {
    try {
      const all = await this.server.projects();
      this.#known = all.flatMap((project) =>
        project.manifest === undefined ? [] : [{ ...project, manifest: Uri.parse(project.manifest) }],
      );
      this.#directories = all
        .flatMap(({ directory, ...project }) =>
          project.manifest === undefined && directory !== undefined ? [{ ...project, directory: Uri.parse(directory) }] : [],
        )
        .sort((a, b) => b.migrations - a.migrations);
      this.#failure = undefined;
      await this.#showManifests();
      this.#loaded.fire();
    } catch (error) {
      this.#loading = undefined;
      this.#failure = error instanceof Error ? error.message : String(error);
      this.log.error(`The upgrade projects could not be loaded: ${this.#failure}`);
    }
    return this.#known;
  }
}

/** The target that is meant when none is named: the setting, the only one, or the first that is not protected. */
export function usualTarget(project: ManifestProject): ManifestProject['targets'][number] | undefined {
  const preferred = defaultTargetSetting(project.manifest);
  return (
    project.targets.find((target) => target.name === preferred) ??
    (project.targets.length === 1 ? project.targets[0] : project.targets.find((target) => !target.protected))
  );
}

/** The path of a file as people know it in their workspace. */
export function workspacePath(uri: Uri): string {
  return workspace.asRelativePath(uri);
}
