/** What the engine needs of the outside world. A host (server, command line, test) hands these in. */

/** Files by absolute path with `/` separators. Every call may throw a `ProblemError` with a `file-*` code. */
export interface Files {
  /** The decoded text, without a byte-order mark. Refuses binary content, bad UTF-8 and files over the limit. */
  readText(path: string): Promise<string>;
  readBytes(path: string): Promise<Uint8Array>;
  /** True when the file begins with a byte-order mark, which `readText` leaves out; false when it cannot be read. */
  hasMark(path: string): Promise<boolean>;
  /** Replaces the file atomically (temporary file, flush, rename). Creates missing folders. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Names in a folder, sorted by code point; folders end with `/`. A missing folder is empty. */
  list(folder: string): Promise<string[]>;
  kind(path: string): Promise<'file' | 'folder' | 'missing'>;
}

/** Runs git in a folder and resolves with what it prints; undefined where it fails or is not there. */
export type RunGit = (folder: string, words: readonly string[]) => Promise<string | undefined>;

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** How far a long call has come. `step` counts from 1. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly title: string;
  /** What happens inside the step, when it knows: rows so far, rows in all, rows per second, milliseconds to go. */
  readonly rows?: { readonly done: number; readonly total?: number; readonly perSecond?: number; readonly remainingMs?: number };
  /** What is waited for, in words, and for how long already. Before the first step, `step` and `steps` are 0. */
  readonly waiting?: { readonly what: string; readonly ms: number };
}

export type ReportProgress = (progress: Progress) => void;
