import type { Manifest, Release } from '../manifest/schema';
import type { ReleaseNode } from './releases';

/** What stands in the way back from one release to an earlier one. */
export interface DowngradeObstacle {
  /**
   * `none`: the release says that there is no way back. `irreversible`: a migration cannot be undone, and the release is not left
   * by restoring. `contract`: what the earlier release needs was removed. `declared`: `downgrade` forbids it. `format`: the
   * earlier release does not read what was written since. `yanked`: the earlier release must not be taken any more.
   */
  readonly kind: 'none' | 'irreversible' | 'contract' | 'declared' | 'format' | 'yanked';
  /** The release that says so: one of those that are left, or for `yanked` the earlier one. */
  readonly release: string;
  /** The migration of an `irreversible` or `contract` obstacle. */
  readonly migration?: string;
  /** The format of a `format` obstacle. */
  readonly format?: string;
  /** One sentence for people. */
  readonly reason: string;
}

export interface DowngradeFloor {
  /** The oldest release that one can go back to; the release itself where there is no way back. */
  readonly release: string;
  /** What keeps one from going further; empty at the first release of the manifest. */
  readonly obstacles: readonly DowngradeObstacle[];
}

export interface DowngradeOptions {
  /** Versions of yanked releases that a person accepted. */
  readonly accept?: readonly string[];
  /** True for a migration that has no down script. Default: every migration has one. */
  readonly lacksDown?: (migration: string) => boolean;
}

/**
 * Ways back, in positions of the sorted list of releases. Every release between the two is left in turn, and each must allow it,
 * because the data that it wrote and the migrations that it ran are still there.
 */
export class Downgrades {
  constructor(
    private readonly manifest: Manifest,
    private readonly nodes: readonly ReleaseNode[],
    private readonly positionOf: (version: string) => number | undefined,
  ) {}

  obstacles(from: number, to: number, options: DowngradeOptions): DowngradeObstacle[] {
    const found: DowngradeObstacle[] = [];
    for (let left = from; left > to; left--) {
      found.push(...this.#leaving(left, options), ...this.#limits(left, to), ...this.#unread(left, to));
    }
    const { yanked, version } = this.#release(to);
    if (from !== to && yanked !== undefined && !options.accept?.includes(version)) {
      found.push({ kind: 'yanked', release: version, reason: `${version} was yanked: ${clause(yanked)}` });
    }
    return found;
  }

  /** The oldest position that a rollback can reach; linear in the releases between, times their formats. */
  floor(from: number, options: DowngradeOptions): number {
    const written = new Map<string, Set<number>>();
    let floor = from;
    let limit = 0;
    for (let to = from - 1; to >= limit; to--) {
      if (this.#leaving(to + 1, options).length > 0) break;
      limit = Math.max(limit, this.#declared(to + 1) ?? 0, this.#reader(to + 1) ?? 0);
      if (to < limit) break;
      for (const [format, { writes }] of Object.entries(this.#release(to + 1).formats)) {
        const versions = written.get(format) ?? new Set();
        written.set(format, versions.add(writes));
      }
      const { formats, yanked, version } = this.#release(to);
      const reads = Object.entries(formats).every(([format, entry]) =>
        [...(written.get(format) ?? [])].every((each) => isRead(entry, each)),
      );
      if (reads && (yanked === undefined || options.accept?.includes(version))) floor = to;
    }
    return floor;
  }

  /** What keeps a target from leaving a release at all. */
  #leaving(left: number, { lacksDown }: DowngradeOptions): DowngradeObstacle[] {
    const { rollback, version, migrations } = this.#release(left);
    if (typeof rollback === 'object') {
      return [{ kind: 'none', release: version, reason: `${version} cannot be rolled back: ${clause(rollback.none)}` }];
    }
    if (rollback === 'restore') return [];
    return migrations.flatMap((reference): DowngradeObstacle[] => {
      const { id, irreversible, transform } = typeof reference === 'string' ? { id: reference } : { ...reference };
      const why =
        irreversible ??
        (transform ? (transform.undo ? undefined : 'the transform has no undo') : lacksDown?.(id) ? 'it has no down script' : undefined);
      if (why === undefined) return [];
      const reason = `migration ${id} of ${version} cannot be undone: ${clause(why)}`;
      return [{ kind: 'irreversible', release: version, migration: id, reason }];
    });
  }

  #limits(left: number, to: number): DowngradeObstacle[] {
    const { version, downgrade } = this.#release(left);
    const found: DowngradeObstacle[] = [];
    const declared = this.#declared(left);
    if (declared !== undefined && to < declared) {
      found.push({ kind: 'declared', release: version, reason: `${version} cannot be rolled back to a release before ${downgrade ?? ''}` });
    }
    const reader = this.#reader(left);
    if (reader !== undefined && to < reader) {
      const migration = this.#contract(left) ?? '';
      const oldest = this.#release(reader).version;
      const reason = `${migration} of ${version} removes what releases before ${oldest} need, and no down script restores its data`;
      found.push({ kind: 'contract', release: version, migration, reason });
    }
    return found;
  }

  #unread(left: number, to: number): DowngradeObstacle[] {
    const { version, formats } = this.#release(left);
    const target = this.#release(to);
    return Object.entries(formats).flatMap(([format, { writes }]): DowngradeObstacle[] => {
      const entry = target.formats[format];
      if (!entry || isRead(entry, writes)) return [];
      const reason = `${target.version} does not read version ${writes} of the format ${format}, which ${version} writes`;
      return [{ kind: 'format', release: version, format, reason }];
    });
  }

  #declared(left: number): number | undefined {
    const { downgrade } = this.#release(left);
    const position = downgrade === undefined ? undefined : this.positionOf(downgrade);
    return position === undefined || position > left ? undefined : position;
  }

  /** The oldest release that works with the data after a release removed something for good. */
  #reader(left: number): number | undefined {
    return this.#release(left).rollback === 'down' && this.#contract(left) !== undefined
      ? Math.max(0, left - this.manifest.window)
      : undefined;
  }

  #contract(left: number): string | undefined {
    for (const reference of this.#release(left).migrations) {
      if (typeof reference === 'object' && reference.phase === 'contract') return reference.id;
    }
    return undefined;
  }

  #release(position: number): Release {
    const release = this.manifest.releases[this.nodes[position]?.index ?? -1];
    if (!release) throw new Error(`there is no release at position ${position}`);
    return release;
  }
}

/** Whether a release that declares a format understands a version of it. */
export function isRead({ writes, reads }: Release['formats'][string], version: number): boolean {
  return (reads ?? [writes]).includes(version);
}

/** The text without a full stop, so that it can be joined to others. */
function clause(text: string): string {
  return text.replace(/[.!?]+$/, '');
}
