import * as z from 'zod';
import { failure, success, type Outcome } from '../../../core/problem';
import { parseVersion } from '../../../core/versions';
import { feedInvalid, type FeedAccess } from '../../../core/feed-access';
import type { AnnouncedRelease, ReleaseFeed } from './release-feed';

const packageSchema = z.object({
  'dist-tags': z.record(z.string(), z.string()).default({}),
  versions: z.record(z.string(), z.object({ deprecated: z.union([z.string(), z.boolean()]).optional() })),
});

/** Names that the registry allows, with or without a scope. */
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/**
 * The versions of an npm package. A tag other than `latest` is a channel, and so is the first word of a pre-release; all others are
 * offered in every channel. A deprecated version counts as yanked.
 */
export class NpmFeed implements ReleaseFeed {
  constructor(
    readonly address: string,
    private readonly name: string,
    private readonly access: FeedAccess,
    private readonly registry = 'https://registry.npmjs.org',
  ) {}

  async releases(signal?: AbortSignal): Promise<Outcome<readonly AnnouncedRelease[]>> {
    if (!packageName.test(this.name)) {
      return failure(feedInvalid(this.address, `"${this.name}" is not a package name`, 'Write npm:name or npm:@scope/name.'));
    }
    const url = new URL(`${this.registry}/${this.name.replace('/', '%2F')}`);
    // The short form of the document: the long one of a package with many versions is larger than what is read.
    const read = await this.access.fetchText(url, { accept: 'application/vnd.npm.install-v1+json', signal });
    if (!read.ok) return read;
    const parsed = packageSchema.safeParse(jsonOf(read.value));
    if (!parsed.success)
      return failure(feedInvalid(this.address, 'the response of the registry is not a package', 'Check the package name.'));
    const { 'dist-tags': tags, versions } = parsed.data;
    return success(
      Object.entries(versions).flatMap(([version, { deprecated }]): AnnouncedRelease[] => {
        const channels = channelsOf(version, tags);
        if (!channels.isVersion) return [];
        const yanked = deprecated === true ? 'It is deprecated.' : deprecated || undefined;
        return [{ version, channels: channels.names, yanked }];
      }),
    );
  }
}

function channelsOf(version: string, tags: Readonly<Record<string, string>>): { isVersion: boolean; names?: readonly string[] } {
  const parsed = parseVersion(version);
  if (!parsed) return { isVersion: false };
  const names = Object.keys(tags).filter((tag) => tags[tag] === version);
  if (names.includes('latest')) return { isVersion: true };
  if (names.length > 0) return { isVersion: true, names };
  const [word] = parsed.prerelease;
  return { isVersion: true, names: word === undefined ? undefined : [String(word)] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
