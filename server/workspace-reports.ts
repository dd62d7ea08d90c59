import { ProblemError } from '#engine/core/problem';
import type { Analysis } from '#engine/operations/checking';
import {
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type PreviousResultId,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { ProjectEntry } from './project-entry';
import { uriOf } from './uris';
import type { Workspace } from './workspace';

type Report = WorkspaceDocumentDiagnosticReport;
type Depth = 'look' | 'analyse';

/** How long a request stays open before the client asks anew: what went wrong unnoticed is right again after that. */
const heldMs = 120_000;
/** How long nobody may type before everything is looked at. */
const quietMs = 2000;
/** When a client has done what it does with a document that closed. It passes over reports for one that it still shows. */
const closedMs = [300, 1500, 5000];

/**
 * Answers for the findings of the whole workspace. A request stays open as long as nothing changes, and every change is told at
 * once as a part of its answer, where the client takes parts. Files that had findings and are gone get an empty report.
 */
export class WorkspaceReports {
  /** Files that the client may show findings of, whoever told it. */
  readonly #shown = new Set<string>();
  readonly #filesOf = new WeakMap<ProjectEntry, ReadonlySet<string>>();
  readonly #toldOf = new WeakMap<ProjectEntry, Analysis>();
  #told = new Map<string, string>();
  #due: Depth | undefined;
  #wake: () => void = () => undefined;
  #later: AbortController | undefined;

  constructor(
    private readonly workspace: Workspace,
    private readonly diagnosticsOf: (entry: ProjectEntry) => Promise<ReadonlyMap<string, Diagnostic[]>>,
  ) {}

  /** Findings of the file were told in another way. */
  shownElsewhere(uri: string): void {
    this.#shown.add(uri);
  }

  /** `look`: some project was analysed. `analyse`: something changed that nobody asks about by itself. */
  wake(depth: Depth): void {
    this.#due = this.#due === 'analyse' ? 'analyse' : depth;
    this.#wake();
  }

  /** Wakes when nobody typed for a while. */
  wakeLater(): void {
    this.#later?.abort();
    this.#later = new AbortController();
    this.#after(quietMs, () => this.wake('analyse'), this.#later.signal);
  }

  /** Tells again what a file has, however often it was told. */
  repeatSoon(uri: string): void {
    for (const ms of closedMs) {
      this.#after(ms, () => {
        this.#told.delete(uri);
        this.#shown.add(uri);
        this.wake('analyse');
      });
    }
  }

  /**
   * The reports that differ from what the client knows, or none after a while without any.
   * @param tell takes parts of the answer as soon as there are some; without it the answer does not wait
   */
  async answer(
    known: readonly PreviousResultId[],
    tell: ((reports: Report[]) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Report[]> {
    const told = new Map(known.map(({ uri, value }) => [uri, value]));
    this.#told = told;
    const all: Report[] = [];
    const until = this.workspace.clock.now().getTime() + heldMs;
    for (let depth: Depth | undefined = 'analyse'; depth && told === this.#told && !signal.aborted;) {
      this.#due = undefined;
      for await (const reports of this.#news(depth, told)) {
        if (tell) tell(reports);
        else all.push(...reports);
      }
      depth = tell && (await this.#next(until, signal));
    }
    return all;
  }

  async #next(until: number, signal: AbortSignal): Promise<Depth | undefined> {
    const rest = until - this.workspace.clock.now().getTime();
    if (!this.#due && rest > 0 && !signal.aborted) {
      const over = new AbortController();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
        this.#after(rest, resolve, over.signal);
      });
      over.abort();
    }
    return this.#due;
  }

  /** The reports of each project that differ from what was told, then empty ones for files that no project has any more. */
  async *#news(depth: Depth, told: Map<string, string>): AsyncGenerator<Report[]> {
    const present = new Set<string>();
    for (const entry of await this.workspace.entries()) {
      const byFile = await this.#ofProject(entry, depth);
      const files = byFile ? new Set([...byFile.keys()].map(uriOf)) : (this.#filesOf.get(entry) ?? new Set<string>());
      this.#filesOf.set(entry, files);
      const reports = [...(byFile ?? [])].flatMap(([path, diagnostics]) => {
        const uri = uriOf(path);
        return present.has(uri) ? [] : this.#reportIfNew(uri, diagnostics, told);
      });
      files.forEach((uri) => present.add(uri));
      if (reports.length > 0) yield reports;
    }
    const gone = [...new Set([...this.#shown, ...told.keys()])].filter((uri) => !present.has(uri));
    const reports = gone.flatMap((uri) => this.#reportIfNew(uri, [], told));
    if (reports.length > 0) yield reports;
  }

  /** Undefined when there is nothing new to be had now: an analysis is under way and will wake us. */
  async #ofProject(entry: ProjectEntry, depth: Depth): Promise<ReadonlyMap<string, Diagnostic[]> | undefined> {
    if (depth === 'look' && (!entry.isUpToDate || entry.latest === this.#toldOf.get(entry))) return undefined;
    try {
      const byFile = await this.diagnosticsOf(entry);
      if (entry.latest) this.#toldOf.set(entry, entry.latest);
      return byFile;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return undefined;
    }
  }

  #reportIfNew(uri: string, items: Diagnostic[], told: Map<string, string>): Report[] {
    const resultId = hash(JSON.stringify(items));
    if (told.get(uri) === resultId) return [];
    told.set(uri, resultId);
    if (items.length > 0) this.#shown.add(uri);
    return [{ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items }];
  }

  #after(ms: number, work: () => void, signal?: AbortSignal): void {
    this.workspace.clock.sleep(ms, signal).then(work, () => undefined);
  }
}

/** A short id for a report (FNV-1a); a collision only delays a refresh. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16);
}
