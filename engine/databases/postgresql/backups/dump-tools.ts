import { execFile, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ProblemError, throwIfCancelled } from '../../../core/problem';

/** PostgreSQL's own programs for backups. */
export interface DumpTools {
  readonly dump: string;
  readonly restore: string;
  /** The lower major version of the two. */
  readonly major: number;
}

/**
 * Looks for `pg_dump` and `pg_restore`.
 * @param program path of pg_dump, with pg_restore beside it; default: both on the PATH
 * @returns undefined when one of them is missing or does not run
 */
export async function findDumpTools(program?: string): Promise<DumpTools | undefined> {
  const dump = program ?? 'pg_dump';
  const restore = program === undefined ? 'pg_restore' : join(dirname(program), 'pg_restore');
  try {
    const majors = await Promise.all([dump, restore].map(majorOf));
    return { dump, restore, major: Math.min(...majors) };
  } catch {
    return undefined;
  }
}

async function majorOf(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 });
  const major = Number(/\b(\d+)(\.\d+|devel|beta\d+|rc\d+)/.exec(stdout)?.[1]);
  if (Number.isNaN(major)) throw new Error(`No version in ${stdout}`);
  return major;
}

export interface ToolRun {
  /** libpq's variables; the password is only here, never among the arguments, which others can see. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  redact(text: string): string;
  /** The code of the problem when the program fails. */
  readonly code: 'backup-failed' | 'restore-failed';
}

/**
 * Runs a program to its end and returns what it said on standard error.
 * @throws ProblemError with that text when it fails, `cancelled`
 */
export async function runTool(program: string, parameters: readonly string[], run: ToolRun): Promise<string> {
  throwIfCancelled(run.signal);
  const { PATH, HOME, SystemRoot, LD_LIBRARY_PATH } = process.env;
  const environment = { PATH, HOME, SystemRoot, LD_LIBRARY_PATH, LC_ALL: 'C', ...run.environment };
  const child = spawn(program, parameters, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  run.signal?.addEventListener('abort', stop, { once: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  try {
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
    throwIfCancelled(run.signal);
    if (code === 0) return run.redact(said.trim());
  } finally {
    run.signal?.removeEventListener('abort', stop);
  }
  throw new ProblemError({
    code: run.code,
    message: `${program} failed.`,
    remedy: 'Fix the reported error and try again.',
    cause: run.redact(said.trim()),
  });
}
