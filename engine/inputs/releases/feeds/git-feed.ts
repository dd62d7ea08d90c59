import { failure, success, type Outcome } from '../../../core/problem';
import { parseVersion } from '../../../core/versions';
import { feedInvalid, type FeedAccess } from '../../../core/feed-access';
import type { AnnouncedRelease, ReleaseFeed } from './release-feed';

/** The tags of a git repository that are versions, with or without a leading `v`; others are passed over. */
export class GitFeed implements ReleaseFeed {
  /** @param folder absolute: what a relative path of a repository begins at */
  constructor(
    readonly address: string,
    private readonly repository: string,
    private readonly folder: string,
    private readonly access: FeedAccess,
  ) {}

  async releases(signal?: AbortSignal): Promise<Outcome<readonly AnnouncedRelease[]>> {
    // `transport::address` makes git run a program of that name.
    if (this.repository === '' || this.repository.startsWith('-') || /^[a-z0-9+.-]+::/i.test(this.repository)) {
      return failure(
        feedInvalid(this.address, 'it names no repository', 'Write git: followed by the address or the path of a repository.'),
      );
    }
    const listed = await this.access.run(['git', 'ls-remote', '--tags', '--refs', '--', this.repository], {
      folder: this.folder,
      environment: {
        GIT_TERMINAL_PROMPT: '0',
        GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
        GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
        LC_ALL: 'C',
      },
      signal,
    });
    if (!listed.ok) return listed;
    const versions = listed.value.split('\n').flatMap((line) => {
      const version = /^\S+\s+refs\/tags\/v?(.+?)\s*$/.exec(line)?.[1] ?? '';
      return parseVersion(version) ? [version] : [];
    });
    return success([...new Set(versions)].map((version) => ({ version })));
  }
}
