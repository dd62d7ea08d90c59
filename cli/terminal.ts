import type { Clock, Files, RunGit } from '#engine/core/host';

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
  /** Characters in a line of standard output; undefined where that is not a terminal. */
  readonly lineWidth?: number | undefined;
  readonly files: Files;
  readonly clock: Clock;
  /** The folder with the bundled files (`dist`). */
  readonly distribution: string;
  /** The folder that keeps results of replays; undefined: none are kept. */
  readonly cache?: string | undefined;
  readonly nodeVersion: string;
  /** Aborted by the first Ctrl+C. */
  readonly signal: AbortSignal;
  /** Undefined: nothing is known of the repository. */
  readonly git?: RunGit;
  /** Asks a question on the terminal; resolves with the answer, or undefined when nobody can answer. */
  ask(question: string): Promise<string | undefined>;
}
