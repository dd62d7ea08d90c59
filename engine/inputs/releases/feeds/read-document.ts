import { parse } from 'yaml';
import * as z from 'zod';
import { failure, success, type Outcome } from '../../../core/problem';
import { parseManifest } from '../../manifest/parse';
import { parseVersion } from '../../../core/versions';
import { feedInvalid } from '../../../core/feed-access';
import type { AnnouncedRelease } from './release-feed';

const feedSchema = z.object({
  releases: z.array(
    z.object({
      version: z.string().refine((version) => parseVersion(version) !== undefined, 'must be a semantic version (MAJOR.MINOR.PATCH)'),
      channels: z.array(z.string()).nullish(),
      yanked: z.string().nullish(),
      notes: z.string().nullish(),
      url: z.url({ protocol: /^https?$/ }).nullish(),
      publishedAt: z.string().nullish(),
    }),
  ),
});

const expected = 'Publish a manifest, or a document { releases: [{ version, channels, notes, url, publishedAt }] } in JSON or YAML.';

/** Reads a feed that is a manifest or a list of releases, in JSON or YAML. Keys of a list that nobody knows are passed over. */
export function readFeedDocument(address: string, text: string): Outcome<readonly AnnouncedRelease[]> {
  let value: unknown;
  try {
    value = valueIn(text);
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
    return failure(feedInvalid(address, `it is neither JSON nor YAML (${line})`, expected));
  }
  if (typeof value === 'object' && value !== null && 'manifest' in value) return fromManifest(address, text);
  const read = feedSchema.safeParse(value);
  if (read.success) return success(read.data.releases.map(withoutUndefined));
  const [issue] = read.error.issues;
  const where = issue?.path.join('.');
  return failure(feedInvalid(address, `${where ? `\`${where}\`` : 'the document'}: ${issue?.message ?? 'is not as expected'}`, expected));
}

function fromManifest(address: string, text: string): Outcome<readonly AnnouncedRelease[]> {
  const { manifest, problems } = parseManifest(address, text);
  if (!manifest) return failure(feedInvalid(address, problems[0]?.message.replace(/\.$/, '') ?? 'it is not a manifest', expected));
  const releases = manifest.releases.filter(({ version }) => parseVersion(version) !== undefined);
  return success(releases.map(({ version, channels, yanked, notes }) => withoutUndefined({ version, channels, yanked, notes })));
}

function valueIn(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // A mapping of YAML may begin with a brace, too.
    }
  }
  // Everything is text, so that a version needs no quotes.
  return parse(text, { schema: 'failsafe' });
}

type Loose = { readonly [Key in keyof AnnouncedRelease]: AnnouncedRelease[Key] | null | undefined } & { readonly version: string };

function withoutUndefined({ version, ...rest }: Loose): AnnouncedRelease {
  return { version, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)) };
}
