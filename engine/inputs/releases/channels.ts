import type { Manifest } from '../manifest/schema';
import type { ReleaseNode } from './releases';

/**
 * Which channel offers which release. `manifest.channels` goes from the least to the most stable one; a release is offered in
 * the channels that it names and in every less stable one, and in all of them where it names none. Names that the manifest
 * does not know offer nothing.
 */
export class Channels {
  /** Name to place in `manifest.channels`. */
  readonly #levels: ReadonlyMap<string, number>;
  /** For each release the most stable channel that offers it; -1 for none. */
  readonly #offered: readonly number[];

  constructor(
    private readonly manifest: Manifest,
    nodes: readonly ReleaseNode[],
  ) {
    this.#levels = new Map(manifest.channels.map((name, level) => [name, level]));
    this.#offered = nodes.map(({ index }) => {
      const named = manifest.releases[index]?.channels;
      if (named === undefined) return Infinity;
      return Math.max(-1, ...named.map((name) => this.#levels.get(name) ?? -1));
    });
  }

  has(name: string): boolean {
    return this.#levels.has(name);
  }

  /** Whether the release at a position can be taken from a channel; without one every release can. */
  offers(name: string | undefined, position: number): boolean {
    return name === undefined || (this.#offered[position] ?? -1) >= (this.#levels.get(name) ?? Infinity);
  }

  get names(): readonly string[] {
    return this.manifest.channels;
  }
}
