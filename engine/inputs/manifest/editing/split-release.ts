import semver from 'semver';
import type { TextEdit } from '../../../core/finding';
import { parseVersion } from '../../../core/versions';
import type { ManifestDocument } from '../document';
import { columnOf, endOfLine, lineEndOf, startOfLine } from './lines';
import { insertion, lastOffset, placeOf, takeEntries } from './lists';
import { nextVersions } from './next-versions';

interface SplitRelease {
  /** The version of the release that takes the migrations that contract. */
  readonly version: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Moves the migrations of a release that contract into a release of their own after it, so that no release takes away what the
 * one before it still needs. Undefined where the release does not both expand and contract, and where no version is free
 * between it and the next one.
 * @param index place in `manifest.releases`
 */
export function splitRelease(document: ManifestDocument, index: number): SplitRelease | undefined {
  const releases = document.manifest?.releases ?? [];
  const release = releases[index];
  const phases = release?.migrations.map((reference) => (typeof reference === 'string' ? undefined : reference.phase)) ?? [];
  const contracts = phases.flatMap((phase, position) => (phase === 'contract' ? [position] : []));
  if (!release || contracts.length === 0 || !phases.includes('expand')) return undefined;
  const version = versionBetween(release.version, releases[index + 1]?.version);
  const path = ['releases', document.releaseIndexes[index] ?? index];
  const place = placeOf(document, path);
  const list = placeOf(document, [...path, 'migrations']);
  // Entries that are broken would shift the places.
  if (version === undefined || !place || place.flow || list?.children?.size !== release.migrations.length) return undefined;
  const taken = takeEntries(document, [...path, 'migrations'], contracts);
  if (!taken) return undefined;
  const eol = lineEndOf(document.text);
  const dash = startOfLine(document.text, place.value.start);
  const column = columnOf(document.text, place.value.start);
  const lead = document.text.slice(dash, place.value.start);
  if (!/^\s*-\s+$/.test(lead)) return undefined;
  const inside = ' '.repeat(column);
  const entries = taken.flatMap(({ text }) => text.split('\n').map((line, number) => `${inside}  ${number === 0 ? '- ' : '  '}${line}`));
  const lines = [`${lead}version: ${version}`, `${inside}migrations:`, ...entries];
  const at = endOfLine(document.text, lastOffset(place));
  const newRelease = lines.map((line) => eol + line).join('');
  const removals = taken.map(({ removal }) => removal);
  // The last entry may be the last thing of the release: then the new release stands in its place.
  const last = removals.find(({ range }) => range.start < at && range.end >= at);
  const others = removals.filter((removal) => removal !== last);
  if (!last) return { version, edits: [...others, insertion(document, at, newRelease)] };
  const replaced = { ...last, newText: `${newRelease.slice(eol.length)}${last.range.end > at ? eol : ''}` };
  return { version, edits: [...others, replaced] };
}

/** The smallest usual step after a version that is below the next release. */
function versionBetween(version: string, next: string | undefined): string | undefined {
  const limit = next === undefined ? undefined : parseVersion(next);
  if (next !== undefined && !limit) return undefined;
  const candidates = nextVersions(version)
    .filter(({ bump }) => bump === 'minor' || bump === 'patch' || bump === 'release')
    .map((each) => each.version)
    .reverse();
  return candidates.find((candidate) => !limit || semver.lt(candidate, limit));
}
