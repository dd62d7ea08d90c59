import { resolvePath } from '../../../core/paths';
import { AddressFeed, FileFeed } from './document-feed';
import { GitFeed } from './git-feed';
import { NpmFeed } from './npm-feed';
import type { FeedAccess } from '../../../core/feed-access';
import type { ReleaseFeed } from './release-feed';

/**
 * The feed that an address means: `npm:package`, `git:address or path`, an http(s) address, or else a file.
 * @param folder absolute: what relative paths begin at
 */
export function openFeed(address: string, folder: string, access: FeedAccess): ReleaseFeed {
  const [, scheme, rest = ''] = /^(npm|git):(.*)$/s.exec(address) ?? [];
  if (scheme === 'npm') return new NpmFeed(address, rest, access);
  // git://host/path is an address of git's own.
  if (scheme === 'git') return new GitFeed(address, rest.startsWith('//') ? address : rest, folder, access);
  const url = /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  return url ? new AddressFeed(address, url, access) : new FileFeed(address, resolvePath(folder, address), access);
}
