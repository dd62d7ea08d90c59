import { spawn, type ChildProcess } from 'node:child_process';
import type { RunEvent } from '#engine/running/plan';
import { EventLines } from './event-lines';
import type { ProcessEnd } from './outcome';

export interface RunProcessOptions {
  /** Absolute path of the bundled command line. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Working folder, absolute. */
  readonly folder: string;
  /** Added to the environment of this process; where secrets go. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Asks the process to stop at the next safe point. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which `onSlowStop` hears that a stop that was asked for has not happened. */
  readonly graceMs?: number;
  /** Called once with a way to end the process at once, for a person to decide about. */
  readonly onSlowStop?: (endNow: () => void) => void;
  readonly onEvent?: (event: RunEvent) => void;
  /** Each line of standard error. */
  readonly onErrorLine?: (line: string) => void;
}

const keptErrorText = 16_384;

/**
 * Runs the command line in a process of its own, so that neither a restart of the language server nor a crash of an extension
 * can end a migration. Never kills it unless a person decides so.
 */
export function runProcess(options: RunProcessOptions): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [options.script, ...options.arguments], {
      cwd: options.folder,
      env: childEnvironment(process.env, options.secrets),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // Its own process group: closing the window must not end a migration either.
      detached: process.platform !== 'win32',
    });
    child.stdin.on('error', () => undefined);
    const lines = new EventLines((event) => options.onEvent?.(event));
    const errors = new ErrorText(options.onErrorLine);
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk));
    const stopWatching = watchSignal(child, options);
    let settled = false;
    const settle = (exitCode: number | null, signal: string | null): void => {
      if (settled) return;
      settled = true;
      stopWatching();
      errors.end();
      resolve({ answer: lines.end(), exitCode, signal, errorText: errors.kept });
    };
    child.on('error', (error) => {
      errors.push(`${error.message}\n`);
      settle(null, null);
    });
    child.on('close', settle);
  });
}

/** The environment of a child: the editor's own, without what would start a debugger in it, and the secrets. */
export function childEnvironment(own: NodeJS.ProcessEnv, secrets: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...own, ...secrets, ELECTRON_RUN_AS_NODE: '1' };
  delete environment.NODE_OPTIONS;
  return environment;
}

function watchSignal(child: ChildProcess, { signal, graceMs = 10_000, onSlowStop }: RunProcessOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    askToStop(child);
    timer = setTimeout(() => onSlowStop?.(() => child.kill('SIGKILL')), graceMs);
  };
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return () => {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

/** On Windows a signal would end the process at once, so there the request goes through standard input. */
function askToStop(child: ChildProcess): void {
  if (process.platform === 'win32') child.stdin?.write('cancel\n');
  else child.kill('SIGINT');
}

class ErrorText {
  kept = '';
  #rest = '';

  constructor(private readonly onLine: ((line: string) => void) | undefined) {}

  push(chunk: string): void {
    this.kept = (this.kept + chunk).slice(-keptErrorText);
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') this.onLine?.(line);
  }

  end(): void {
    if (this.#rest.trim() !== '') this.onLine?.(this.#rest);
    this.#rest = '';
  }
}
