import type { Manifest } from '../manifest/schema';
import { releaseGraph } from './graph';

/** A release that the target could go to. */
export interface Update {
  readonly release: string;
  /** Where the way stops, first to last, ending with the release; empty when there is no way. */
  readonly path: readonly string[];
}

/** An update that cannot be taken, and why. */
export interface BlockedUpdate {
  readonly release: string;
  readonly reasons: readonly string[];
}

/** Finds the releases of a manifest that come after the current one and keeps the queue of those that can be taken. */
export class UpdateManager {
  readonly #queue: Update[] = [];
  readonly #blocked: BlockedUpdate[] = [];

  constructor(private readonly manifest: Manifest) {}

  /** The releases after the current one, oldest first, each with its way or with the reason why there is none. */
  checkUpdates(current: string | null, accept: readonly string[] = []): readonly (Update & { readonly obstacle?: string })[] {
    const graph = releaseGraph(this.manifest);
    const versions = graph.nodes.map((node) => node.version);
    const known = current === null ? undefined : graph.find(current)?.version;
    const first = current === null ? 0 : known === undefined ? versions.length : versions.indexOf(known) + 1;
    return versions.slice(first).map((release) => {
      const path = graph.path(current, release, { accept });
      return path.ok ? { release, path: path.value.releases } : { release, path: [], obstacle: path.problem.message };
    });
  }

  queueUpdate(update: Update): void {
    this.#queue.push(update);
  }

  block(update: BlockedUpdate): void {
    this.#blocked.push(update);
  }

  get queue(): readonly Update[] {
    return this.#queue;
  }

  get blocked(): readonly BlockedUpdate[] {
    return this.#blocked;
  }
}
