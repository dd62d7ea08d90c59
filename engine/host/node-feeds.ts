import { execFile } from 'node:child_process';
import type { Files } from '../core/host';
import { failure, success, type Outcome, type Problem } from '../core/problem';
import { feedInvalid, feedLimitBytes, feedTimeoutMs, type FeedAccess, type RunRequest } from '../core/feed-access';

export interface NodeFeedOptions {
  readonly files: Files;
  /** Environment variables that programs get. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Bytes; default 10 MB. */
  readonly limitBytes?: number;
}

/** Feeds over the network and the programs of this machine. */
export function nodeFeeds({ files, environment, timeoutMs = feedTimeoutMs, limitBytes = feedLimitBytes }: NodeFeedOptions): FeedAccess {
  return {
    files,
    fetchText: (address, { accept, signal } = {}) => fetchText(address, { accept, signal, timeoutMs, limitBytes }),
    run: (command, request) => run(command, request, { environment, timeoutMs, limitBytes }),
  };
}

interface FetchRequest {
  readonly accept: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

async function fetchText(address: URL, { accept, signal, timeoutMs, limitBytes }: FetchRequest): Promise<Outcome<string>> {
  const name = withoutSecrets(address);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      headers: accept === undefined ? {} : { accept },
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (address.protocol === 'https:' && !response.url.startsWith('https:')) {
      await response.body?.cancel();
      return failure(feedInvalid(name, 'it redirects to an address that is not https', 'Use an https address that does not redirect.'));
    }
    if (!response.ok) {
      await response.body?.cancel();
      return failure(unreachable(name, `it returned ${response.status}`));
    }
    const bytes = await bytesOf(response, limitBytes);
    if (!bytes)
      return failure(feedInvalid(name, `it is larger than ${sizeText(limitBytes)}`, 'Announce fewer releases, or shorten their notes.'));
    return success(new TextDecoder().decode(bytes));
  } catch (error) {
    signal?.throwIfAborted();
    return failure(unreachable(name, limit.aborted ? `it did not respond within ${timeoutMs / 1000} s` : causeOf(error)));
  }
}

/** The body, or undefined when it is over the limit; what is over is not read. */
async function bytesOf(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > limit) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

interface ProgramLimits {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly limitBytes: number;
}

function run(
  [program = '', ...words]: readonly string[],
  { folder, environment: extra, signal }: RunRequest,
  { environment, timeoutMs, limitBytes }: ProgramLimits,
): Promise<Outcome<string>> {
  const name = `${program} ${words.join(' ')}`;
  return new Promise((resolve, reject) => {
    execFile(
      program,
      words,
      {
        cwd: folder,
        env: { ...environment, ...extra } as NodeJS.ProcessEnv,
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: limitBytes,
        windowsHide: true,
        signal,
      },
      (error, output, errors) => {
        if (!error) return resolve(success(output));
        if (signal?.aborted) return reject(signal.reason as Error);
        const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
        if (isTooLarge)
          return resolve(failure(feedInvalid(name, `its output is larger than ${sizeText(limitBytes)}`, 'Use another feed.')));
        const why =
          error.killed === true ? `it took longer than ${timeoutMs / 1000} s and was stopped` : (lastLine(errors) ?? error.message);
        resolve(failure(unreachable(name, why)));
      },
    );
  });
}

function unreachable(feed: string, cause: string): Problem {
  return {
    code: 'feed-unreachable',
    message: `The feed ${feed} could not be read: ${cause.replace(/\.$/, '')}.`,
    remedy: 'Check the address and the connection, or skip the feed with --no-feed.',
  };
}

function lastLine(text: string): string | undefined {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line ? line.slice(0, 200) : undefined;
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / 1024 / 1024)} MB` : `${bytes} bytes`;
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function withoutSecrets(address: URL): string {
  const shown = new URL(address);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
