import type { Fix, RelatedPlace } from '../../../core/finding';
import type { TextRange } from '../../../core/text';
import type { ManifestDocument, ManifestPath } from '../../../inputs/manifest/document';
import { referencedId, type Manifest, type MigrationReference } from '../../../inputs/manifest/schema';
import type { ProjectContext } from '../../context/context';

/** The manifest's text and values together; undefined where there is no usable manifest. */
export interface UsableManifest {
  readonly document: ManifestDocument;
  readonly manifest: Manifest;
}

export function usableManifest({ manifest: document }: ProjectContext): UsableManifest | undefined {
  return document?.manifest && { document, manifest: document.manifest };
}

/** The path in the text of something in a release, given by its place in `manifest.releases`. */
export function releasePath(document: ManifestDocument, index: number, ...rest: (string | number)[]): ManifestPath {
  return ['releases', document.releaseIndexes[index] ?? index, ...rest];
}

/** A place in the manifest as something that relates to a finding elsewhere. */
export function manifestPlace(document: ManifestDocument, path: ManifestPath, message: string): RelatedPlace {
  return { file: document.path, range: document.rangeOf(path), message };
}

/** A migration as a release names it. */
export interface PlacedReference {
  readonly reference: MigrationReference;
  readonly id: string;
  readonly release: string;
  /** Place in `manifest.releases`. */
  readonly releaseIndex: number;
  readonly path: ManifestPath;
}

/** Every reference to a migration, in the order in which the migrations run. */
export function* placedReferences({ document, manifest }: UsableManifest): Iterable<PlacedReference> {
  for (const [releaseIndex, release] of manifest.releases.entries()) {
    const list = releasePath(document, releaseIndex, 'migrations');
    let place = 0;
    for (const reference of release.migrations) {
      const id = referencedId(reference);
      place = entryOf(document, list, place, 'id', id);
      yield {
        reference,
        id,
        release: release.version,
        releaseIndex,
        path: [...list, place, ...(typeof reference === 'string' ? [] : ['id'])],
      };
      place++;
    }
  }
}

/**
 * The place in the text's list of an entry that says `text` (under `key` where the entry is a mapping), at `from` or later:
 * broken entries are left out of the values, so that places there can be smaller than in the text.
 */
export function entryOf(document: ManifestDocument, list: ManifestPath, from: number, key: string, text: string): number {
  // Nothing was left out of a manifest without problems.
  if (document.problems.length === 0) return from;
  const furthest = from + document.problems.length;
  for (let place = from; place <= furthest; place++) {
    if (unquoted(textAt(document, document.rangeOf([...list, place, key]))) === text) return place;
  }
  return from;
}

export function textAt(document: ManifestDocument, range: TextRange): string {
  return document.text.slice(range.start, range.end);
}

/** A fix that replaces a value of the manifest. */
export function replaceInManifest(document: ManifestDocument, range: TextRange, newText: string): Fix {
  return { title: `Change to ${newText}`, preferred: true, edits: [{ file: document.path, range, newText }] };
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** The range of a key's value where the manifest says it; undefined where a default stands for it. */
export function statedValue(document: ManifestDocument, path: ManifestPath): TextRange | undefined {
  const key = document.rangeOf(path, 'key');
  return textAt(document, key).replace(/^["']|["']$/g, '') === path.at(-1) ? document.rangeOf(path) : undefined;
}

/** A fix that adds a key to a release, below its version or, in a mapping on one line, after it. */
export function addToRelease(document: ManifestDocument, index: number, text: string): Fix {
  const { start, end } = document.rangeOf(releasePath(document, index));
  const version = document.rangeOf(releasePath(document, index, 'version'));
  const isFlow = document.text[start] === '{' && document.text.slice(start, end).endsWith('}');
  const lineStart = Math.max(document.text.lastIndexOf('\n', start - 1), document.text.lastIndexOf('\r', start - 1)) + 1;
  const rest = document.text.slice(version.end).search(/[\r\n]/);
  const at = isFlow ? version.end : rest < 0 ? document.text.length : version.end + rest;
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  const newText = isFlow ? `, ${text}` : `${eol}${' '.repeat(start - lineStart)}${text}`;
  return { title: `Add ${text}`, preferred: true, edits: [{ file: document.path, range: { start: at, end: at }, newText }] };
}
