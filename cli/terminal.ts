import type { Clock, Files } from '#engine/core/host';

/** Everything that a command needs of the process, so that tests can run commands without one. */
export interface Terminal {
  /** Writes to standard output, without adding a line end. */
  out(text: string): void;
  /** Writes to standard error, without adding a line end. */
  err(text: string): void;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isInteractive: boolean;
  readonly colors: boolean;
  readonly columns: number;
  readonly files: Files;
  readonly clock: Clock;
  /** The folder with the bundled files (`dist`). */
  readonly distribution: string;
  readonly nodeVersion: string;
  /** Aborted by the first Ctrl+C. */
  readonly signal: AbortSignal;
  /** Runs git in a folder and resolves with what it prints; undefined where it fails or is not there. */
  git?(folder: string, words: readonly string[]): Promise<string | undefined>;
  /** Asks a question on the terminal; resolves with the answer, or undefined when nobody can answer. */
  ask(question: string): Promise<string | undefined>;
}
