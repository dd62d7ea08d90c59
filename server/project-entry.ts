import type { Clock, Files, Logger, Progress } from '#engine/core/host';
import { type Outcome, type Problem, ProblemError } from '#engine/core/problem';
import {
  analyse,
  type Analysis,
  type Checkouts,
  openProject,
  orderedMigrations,
  type Project,
  type SettledHistory,
} from '#engine/operations/checking';
import type { Shadow } from '#engine/databases/observation';
import type { FileChanges } from './file-changes';
import { RecordedFiles } from './recorded-files';
import type { Settings } from './settings';
import type { Turn } from './shadow-pool';
import { databaseOf } from '#engine/databases/registry/index';

export interface ProjectEntryHost {
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly history: SettledHistory;
  readonly checkouts: Checkouts;
  settings(): Settings;
  /** Works with the shadow of a project when its turn has come; with undefined when there is none to be had. */
  withShadow<T>(turn: Turn, work: (shadow: Shadow | undefined) => Promise<T>): Promise<T>;
  /** Something that waits for its turn became urgent. */
  becameUrgent(): void;
  /** Called after every analysis that may have changed findings. */
  analysed(entry: ProjectEntry): void;
  /** Called while migrations are replayed. */
  progressed(entry: ProjectEntry): void;
}

interface Work {
  readonly version: number;
  readonly controller: AbortController;
  readonly extent: 'changed' | 'all';
  readonly reach: Reach;
  /** Whether somebody looks at a file of the project and waits for its findings. */
  isUrgent: boolean;
}

/** What was looked at: everything, or the migration that a file belongs to. */
type Reach = 'whole' | { readonly file: string };

/** An analysis that takes less than twice this begins at every keystroke: to begin in vain costs less than to wait. */
const quickMs = 40;

/** How long the editor has to be quiet before everything is looked at and every rollback is rehearsed again. */
const idleMs = 1500;

/**
 * One upgrade project of the workspace: its files as they are now and the newest analysis of them.
 * Each change makes a new version; work for an older version is abandoned.
 */
export class ProjectEntry {
  #version = 0;
  #opened: { version: number; project: Promise<Outcome<Project>>; read: RecordedFiles } | undefined;
  #analysis: { version: number; value: Analysis; reach: Reach } | undefined;
  #running: { readonly work: Work; readonly promise: Promise<Analysis> } | undefined;
  #idle: AbortController | undefined;
  #progress: Progress | undefined;
  readonly #applied = new Map<string, readonly string[]>();
  #lastMs = 0;
  #everRehearsed = false;
  /** The version of which every rollback was rehearsed. */
  #completeVersion = -1;

  constructor(
    /** The manifest or the migrations directory. */
    readonly path: string,
    private readonly host: ProjectEntryHost,
  ) {}

  /** The newest finished analysis, perhaps of an older version. */
  get latest(): Analysis | undefined {
    return this.#analysis?.value;
  }

  /** How far the work that is under way is; undefined when none is. */
  get progress(): Progress | undefined {
    return this.#running && this.#progress;
  }

  /** True while the first analysis is under way. */
  get isBeginning(): boolean {
    return this.#running !== undefined && this.#analysis === undefined;
  }

  /** A target was seen to have these migrations. */
  applied(target: string, migrations: readonly string[]): void {
    this.#applied.set(target, migrations);
    this.invalidate();
  }

  /** True when the newest analysis is of the files as they are now, as far as is known. */
  get isUpToDate(): boolean {
    return this.#analysis?.version === this.#version && this.#analysis.reach === 'whole';
  }

  /** Whether the project was read from files that are among the changes. One that was not read yet is concerned by nothing. */
  isConcernedBy(changes: FileChanges): boolean {
    return this.#opened !== undefined && changes.concern(this.#opened.read);
  }

  /** A file of the project changed. */
  invalidate(): void {
    this.#version++;
    this.#running?.work.controller.abort();
    this.#idle?.abort();
  }

  /** The files as they are now, or why they cannot be read. */
  project(): Promise<Outcome<Project>> {
    if (this.#opened?.version !== this.#version) {
      const read = new RecordedFiles(this.host.files);
      const project = openProject({
        files: read.files,
        paths: [this.path],
        today: this.host.clock.now().toISOString().slice(0, 10),
        history: this.host.history,
        checkouts: this.host.checkouts,
        applied: new Set([...this.#applied.values()].flat()),
      });
      this.#opened = { version: this.#version, project, read };
    }
    return this.#opened.project;
  }

  async owns(path: string): Promise<boolean> {
    if (path === this.path || path.startsWith(`${this.path}/`)) return true;
    const outcome = await this.project();
    if (!outcome.ok) return false;
    const { ownedFiles, missingFiles, queryFolders = [], directory } = outcome.value;
    if (ownedFiles.has(path) || missingFiles.has(path)) return true;
    return [...queryFolders, ...(directory ? [directory.path] : [])].some((folder) => path.startsWith(`${folder}/`));
  }

  /**
   * The analysis of the current version; joins one that is under way.
   * @param file whose findings are wanted; those of other migrations may be of an earlier version, or not be there yet
   * @throws ProblemError `cancelled` when a change overtakes it
   */
  analysis(file?: string): Promise<Analysis> {
    const wanted: Reach = file === undefined ? 'whole' : { file };
    if (this.#analysis?.version === this.#version && covers(this.#analysis.reach, wanted)) return Promise.resolve(this.#analysis.value);
    const running = this.#running?.work;
    if (running?.version !== this.#version || !covers(running.reach, wanted)) this.#start('changed', wanted);
    if (file !== undefined && this.#running && !this.#running.work.isUrgent) {
      this.#running.work.isUrgent = true;
      this.host.becameUrgent();
    }
    return this.#running?.promise ?? Promise.reject(new ProblemError(overtaken));
  }

  /**
   * The analysis of the current version with every rollback rehearsed.
   * @throws ProblemError `cancelled` when a change overtakes it
   */
  async completeAnalysis(): Promise<Analysis> {
    const value = await this.analysis();
    if (this.#completeVersion === this.#version) return value;
    const running = this.#running?.work;
    if (running?.version !== this.#version || running.extent !== 'all') this.#start('all', 'whole');
    return this.#running?.promise ?? value;
  }

  #start(extent: 'changed' | 'all', reach: Reach): void {
    this.#idle?.abort();
    const work: Work = { version: this.#version, controller: new AbortController(), extent, reach, isUrgent: false };
    const running = { work, promise: this.#analyse(work) };
    this.#running = running;
    this.host.progressed(this);
    running.promise
      .catch(() => undefined)
      .finally(() => {
        if (this.#running !== running) return;
        this.#running = undefined;
        this.#progress = undefined;
        this.host.progressed(this);
      });
  }

  async #analyse(work: Work): Promise<Analysis> {
    const { clock, settings } = this.host;
    const { version, extent } = work;
    const { signal } = work.controller;
    const wait = Math.min(settings().check.debounce, this.#lastMs / 2);
    if (extent === 'changed' && version > 0 && wait > quickMs) await clock.sleep(wait, signal).catch(() => undefined);
    const outcome = await this.project();
    if (signal.aborted) throw new ProblemError(overtaken);
    if (!outcome.ok) throw new ProblemError(outcome.problem);
    const project = outcome.value;
    if (!settings().check.shadow) return this.#analyseWith(undefined, project, work);
    const turn: Turn = { project: this.path, isUrgent: () => work.isUrgent, signal };
    return this.host
      .withShadow(turn, (shadow) => this.#analyseWith(shadow, project, work))
      .catch((error: unknown) => {
        throw signal.aborted ? new ProblemError(overtaken) : error;
      });
  }

  async #analyseWith(shadow: Shadow | undefined, project: Project, { version, extent, reach, controller }: Work): Promise<Analysis> {
    const { clock } = this.host;
    const started = clock.now().getTime();
    const changed = this.#changedMigrations(project);
    const previous = this.latest;
    const focus = reach === 'whole' ? undefined : migrationOf(project, reach.file);
    const value = await analyse(project, {
      shadow,
      previous,
      focus,
      rehearse: extent === 'all' ? 'all' : this.#everRehearsed ? changed : 'none',
      signal: controller.signal,
      onProgress: (progress) => {
        this.#progress = progress;
        this.host.progressed(this);
      },
    });
    if (version !== this.#version) throw new ProblemError(overtaken);
    this.#analysis = { version, value, reach: focus === undefined ? 'whole' : reach };
    if (extent === 'changed') this.#lastMs = clock.now().getTime() - started;
    if (extent === 'all') {
      this.#everRehearsed = true;
      this.#completeVersion = version;
    } else if (shadow || focus !== undefined) this.#lookAtAllWhenIdle(version);
    this.host.analysed(this);
    return value;
  }

  /** Migrations whose scripts differ from those of the latest analysis. */
  #changedMigrations(project: Project): Set<string> {
    const before = new Map(this.latest?.context.chain.map(({ migration }) => [migration.id, migration]));
    const changed = (project.directory?.migrations ?? []).filter(({ id, up, down }) => {
      const earlier = before.get(id);
      return earlier?.up.sql !== up.sql || earlier.down?.sql !== down?.sql;
    });
    return new Set(changed.map(({ id }) => id));
  }

  #lookAtAllWhenIdle(version: number): void {
    const idle = new AbortController();
    this.#idle = idle;
    // Work that the next keystroke ends leaves the database in the middle of the history, far from where somebody types.
    const wait = this.#everRehearsed || version > 0 ? idleMs : 0;
    this.host.clock.sleep(wait, idle.signal).then(
      () => {
        if (version !== this.#version) return;
        this.#start('all', 'whole');
        this.#running?.promise.catch((error: unknown) => {
          if (!(error instanceof ProblemError)) this.host.logger.error(`Rehearsing ${this.path} failed: ${String(error)}`);
        });
      },
      () => undefined,
    );
  }
}

/** True when an analysis that reaches so far answers for what is wanted. */
function covers(reach: Reach, wanted: Reach): boolean {
  return reach === 'whole' || (wanted !== 'whole' && wanted.file === reach.file);
}

/** The migration that a script belongs to. */
function migrationOf(project: Project, file: string): string | undefined {
  if (!databaseOf(project.directory?.dialect)) return undefined;
  return orderedMigrations(project).find(({ migration: { up, down } }) => up.file === file || down?.file === file)?.migration.id;
}

const overtaken: Problem = { code: 'cancelled', message: 'A newer change made this work useless.', remedy: 'Nothing to do.' };
