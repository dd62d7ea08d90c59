import type { Files } from '../../../core/host';
import type { Outcome, Problem } from '../../../core/problem';

/** A release that a feed tells of. */
export interface AnnouncedRelease {
  /** A semantic version. */
  readonly version: string;
  /** The channels that offer it; undefined for all of them. */
  readonly channels?: readonly string[];
  /** Why it must not be taken any more. */
  readonly yanked?: string;
  readonly notes?: string;
  readonly url?: string;
  /** As the feed writes it. */
  readonly publishedAt?: string;
}

/** Where releases are announced. */
export interface ReleaseFeed {
  /** The address as the manifest writes it. */
  readonly address: string;
  /** Every release that is announced, in the order of the feed. Fails with `feed-unreachable`, `feed-invalid` or a `file-*` problem. */
  releases(signal?: AbortSignal): Promise<Outcome<readonly AnnouncedRelease[]>>;
}

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
