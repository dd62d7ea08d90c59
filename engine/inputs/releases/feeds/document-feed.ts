import { outcomeOf, failure, type Outcome } from '../../../core/problem';
import { readFeedDocument } from './read-document';
import { feedInvalid, feedLimitBytes, type FeedAccess } from '../../../core/feed-access';
import type { AnnouncedRelease, ReleaseFeed } from './release-feed';

/** A manifest or a list of releases at an https address. Plain http is taken from this machine only. */
export class AddressFeed implements ReleaseFeed {
  constructor(
    readonly address: string,
    private readonly url: URL,
    private readonly access: FeedAccess,
  ) {}

  async releases(signal?: AbortSignal): Promise<Outcome<readonly AnnouncedRelease[]>> {
    const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(this.url.hostname);
    if (this.url.protocol !== 'https:' && !isLocal) {
      return failure(feedInvalid(this.address, 'an http response can be modified in transit', 'Use an https address.'));
    }
    const read = await this.access.fetchText(this.url, {
      accept: 'application/json, application/yaml, text/plain;q=0.9',
      signal,
    });
    return read.ok ? readFeedDocument(this.address, read.value) : read;
  }
}

/** A manifest or a list of releases in a file. */
export class FileFeed implements ReleaseFeed {
  /** @param path absolute */
  constructor(
    readonly address: string,
    private readonly path: string,
    private readonly access: FeedAccess,
  ) {}

  async releases(signal?: AbortSignal): Promise<Outcome<readonly AnnouncedRelease[]>> {
    signal?.throwIfAborted();
    const text = await outcomeOf(() => this.access.files.readText(this.path));
    if (!text.ok) return text;
    if (text.value.length > feedLimitBytes) {
      return failure(feedInvalid(this.address, 'it is larger than 10 MB', 'Remove releases that are no longer upgraded to.'));
    }
    return readFeedDocument(this.address, text.value);
  }
}
