import { listed as listedAll } from '../../core/wording';
import type { Problem } from '../../core/problem';
import type { Manifest } from '../manifest/schema';
import { suggest, suggestRelease } from '../manifest/suggest';
import { parseRange } from '../../core/versions';
import type { ReleaseNode } from './releases';

/** What the graph of releases says where there is no way, in words for people. */

export function unknownRelease(version: string, how: string, nodes: readonly ReleaseNode[]): Problem {
  const known = nodes.map((node) => node.version);
  const near = suggestRelease(version, known);
  return {
    code: 'release-unknown',
    message: `${version} ${how}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    remedy: known.length === 0 ? 'Add a release to the manifest.' : `Choose one of ${listed(known)}, or add the release to the manifest.`,
  };
}

export function unknownChannel(name: string, known: readonly string[]): Problem {
  const near = suggest(name, known);
  return {
    code: 'usage',
    message: `The manifest has no channel ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    remedy: known.length === 0 ? 'List the channels of the system in the manifest.' : `Choose one of ${listed(known)}.`,
  };
}

export function backwards(from: string, to: string): Problem {
  return {
    code: 'no-path',
    message: `${from} cannot be upgraded to ${to}: ${to} comes before ${from} in the manifest.`,
    remedy: `Roll back to ${to} instead.`,
  };
}

/** @param named the channels that the release names; @param newest what the channel offers in its place */
export function notOffered(version: string, named: readonly string[], channel: string, newest: string | undefined): Problem {
  const instead =
    newest === undefined ? 'Choose another channel' : `Choose ${newest}, the newest release of ${channel}, or another channel`;
  return {
    code: 'no-path',
    message: `${version} is not offered in the channel ${channel}${named.length === 0 ? '' : `, only in ${listed(named)}`}.`,
    remedy: `${instead}.`,
  };
}

export function notInChannel({ from, to, over, channel }: Readonly<Record<'from' | 'to' | 'over' | 'channel', string>>): Problem {
  return {
    code: 'no-path',
    message: `There is no upgrade path from ${from} to ${to} in channel ${channel}: it needs ${over}, which the channel does not offer.`,
    remedy: `Offer ${over} in ${channel}, or widen \`from\` of release ${to}.`,
  };
}

/** Why a risk applies to ways that it may not have been meant for. */
export function unreadable({ from, to }: Manifest['risks'][number]): string {
  const broken = [...(parseRange(from) ? [] : [`\`from\` "${from}"`]), ...(parseRange(to) ? [] : [`\`to\` "${to}"`])];
  return broken.length === 0 ? '' : ` Its ${broken.join(' and ')} cannot be read as a range, so the risk may apply to any upgrade path.`;
}

/** Up to five names, then how many more. */
export function listed(names: readonly string[]): string {
  return listedAll(names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names);
}
