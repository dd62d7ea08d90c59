import type { Files } from './host';
import type { Outcome, Problem } from './problem';

/** The network and the programs of the host, as far as feeds need them. */
export interface FeedAccess {
  readonly files: Files;
  /** The body of a document. Fails with `feed-unreachable`, or with `feed-invalid` when it is over the limit. */
  fetchText(address: URL, request?: { readonly accept?: string; readonly signal?: AbortSignal }): Promise<Outcome<string>>;
  /** What a program writes to standard output; no shell. Fails with `feed-unreachable` when it does not exit with 0. */
  run(command: readonly string[], request: RunRequest): Promise<Outcome<string>>;
}

export interface RunRequest {
  /** Absolute path of the folder to run in. */
  readonly folder: string;
  /** Variables that are set beside those of the host. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The largest answer that is read. */
export const feedLimitBytes = 10 * 1024 * 1024;
/** How long a feed may take to answer. */
export const feedTimeoutMs = 30_000;

export function feedInvalid(address: string, why: string, remedy: string): Problem {
  return { code: 'feed-invalid', message: `The feed ${address} cannot be used: ${why}.`, remedy };
}
