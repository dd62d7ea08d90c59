import { execFile } from 'node:child_process';
import { DatabaseFailure, type TargetSession } from '../../databases/target';
import type { HealthCheck } from '../../inputs/manifest/schema';

/** `failed`: the answer was not the expected one. `error`: there was no answer, because the check itself is at fault or timed out. */
interface HealthResult {
  readonly result: 'passed' | 'failed' | 'error';
  readonly message: string;
}

export interface HealthContext {
  readonly session: TargetSession;
  /** Absolute folder in which programs are run: the manifest's. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

const httpTimeoutMs = 30_000;

/** What a check does, in one line. */
export function describeCheck(check: HealthCheck): string {
  if ('sql' in check) return `${oneLine(check.sql)} = ${JSON.stringify(check.expect)}`;
  if ('http' in check) return `GET ${withoutSecrets(check.http)} returns ${check.status}`;
  return `${check.command.join(' ')} exits with 0`;
}

/** Runs a check. Queries run in a read-only transaction that is rolled back. */
export async function runHealthCheck(check: HealthCheck, context: HealthContext): Promise<HealthResult> {
  context.signal?.throwIfAborted();
  if ('sql' in check) return runQuery(check, context);
  if ('http' in check) return runRequest(check, context);
  return runCommand(check, context);
}

async function runQuery(check: Extract<HealthCheck, { sql: string }>, { session }: HealthContext): Promise<HealthResult> {
  let rows: readonly Record<string, unknown>[];
  try {
    rows = await readOnly(session, () => session.query(check.sql));
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    return { result: 'error', message: `The query failed: ${error.error.message} (${error.error.sqlstate}).` };
  }
  const values = rows.length === 1 ? Object.values(rows[0] ?? {}) : [];
  if (values.length !== 1) {
    return { result: 'error', message: `The query returned ${rows.length} rows instead of one value.` };
  }
  const expected = plain(check.expect);
  const actual = plain(values[0]);
  return actual === expected
    ? { result: 'passed', message: `The query returned ${shown(actual)}.` }
    : { result: 'failed', message: `The query returned ${shown(actual)}, expected ${shown(expected)}.` };
}

class Undo<T> extends Error {
  constructor(readonly value: T) {
    super('rolled back on purpose');
  }
}

/** Runs work in a read-only transaction that is always rolled back. */
async function readOnly<T>(session: TargetSession, work: () => Promise<T>): Promise<T> {
  try {
    await session.transaction(async () => {
      await session.execute('set transaction read only');
      throw new Undo(await work());
    });
  } catch (error) {
    if (error instanceof Undo) return error.value as T;
    throw error;
  }
  throw new Error('the transaction ended without a result');
}

async function runRequest(check: Extract<HealthCheck, { http: string }>, { signal }: HealthContext): Promise<HealthResult> {
  const limit = AbortSignal.timeout(httpTimeoutMs);
  try {
    const response = await fetch(check.http, { redirect: 'manual', signal: signal ? AbortSignal.any([signal, limit]) : limit });
    await response.body?.cancel();
    return response.status === check.status
      ? { result: 'passed', message: `The server returned ${response.status}.` }
      : { result: 'failed', message: `The server returned ${response.status}, expected ${check.status}.` };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return { result: 'error', message: `The server did not respond within ${httpTimeoutMs / 1000} s.` };
    return { result: 'error', message: `The server could not be reached: ${causeOf(error)}.` };
  }
}

function runCommand(check: Extract<HealthCheck, { command: string[] }>, context: HealthContext): Promise<HealthResult> {
  const [program = '', ...parameters] = check.command;
  return new Promise((resolve, reject) => {
    execFile(
      program,
      parameters,
      {
        cwd: context.folder,
        env: { ...context.environment } as NodeJS.ProcessEnv,
        timeout: check.timeout * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: 1024 * 1024,
        windowsHide: true,
        signal: context.signal,
      },
      (error, _output, errors) => {
        if (!error) return resolve({ result: 'passed', message: `${program} exited with 0.` });
        if (context.signal?.aborted) return reject(error);
        if (error.killed === true)
          return resolve({ result: 'error', message: `${program} took longer than ${check.timeout} s and was stopped.` });
        if (typeof error.code === 'number') {
          const last = lastLine(errors);
          return resolve({ result: 'failed', message: `${program} exited with ${error.code}${last ? `: ${last}` : ''}.` });
        }
        resolve({ result: 'error', message: `${program} could not be run: ${error.message}.` });
      },
    );
  });
}

function plain(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string')
    return String(value);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

function shown(value: string | null): string {
  return value === null ? 'null' : value.length > 200 ? `${value.slice(0, 197)}...` : value;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function lastLine(text: string): string {
  return oneLine(text.trim().split('\n').at(-1) ?? '').slice(0, 200);
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function withoutSecrets(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href;
}
