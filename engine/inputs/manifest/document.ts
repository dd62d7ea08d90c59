import type { Problem } from '../../core/problem';
import type { TextRange } from '../../core/text';
import type { Manifest } from './schema';

/** Where something is in the manifest: keys and list places from the root, e.g. `['releases', 1, 'version']`. */
export type ManifestPath = readonly (string | number)[];

/** What is wrong with the form of a manifest, with its place. */
export interface ManifestProblem extends Problem {
  readonly range: TextRange;
  readonly path: ManifestPath;
  /** What the text at `range` was probably meant to be. */
  readonly replacement?: string;
}

/** A manifest as text, as values, and the way between the two. */
export interface ManifestDocument {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  /**
   * The values, when the text fits the schema. A broken part (one release, one target) is left out and reported, so that
   * the rest stays usable; undefined only when nothing can be made of the text.
   */
  readonly manifest: Manifest | undefined;
  readonly problems: readonly ManifestProblem[];
  /**
   * For each entry of `manifest.releases`, its place in the text's list (they differ when a broken release was left out).
   */
  readonly releaseIndexes: readonly number[];
  /** The range of the value at a path, of its key with `part: 'key'`, or of the nearest ancestor that exists. */
  rangeOf(path: ManifestPath, part?: 'key' | 'value'): TextRange;
  /** The path of the innermost key or value at an offset. */
  pathAt(offset: number): { readonly path: ManifestPath; readonly part: 'key' | 'value' };
}
