import type { Outcome } from '../../../core/problem';

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
