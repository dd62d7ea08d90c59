import type { Files } from '#engine/core/host';
import { parentFolder } from '#engine/core/paths';
import { isManifestPath } from '#engine/inputs/manifest/find-manifest';
import { isAtOrBelow } from './ancestors';
import type { RecordedFiles } from './recorded-files';

/** What the editor is asked to watch for changes of content. Folders have no pattern of their own, so all creations and deletions are watched. */
export const watchedPatterns = [
  '**/*.sql',
  // Scripts with the database behind: `1_a.sql.postgres`.
  '**/*.sql.{postgres,postgresql,pg,pgsql,psql}',
  // What a commit, a checkout or a fetch changes: it decides which migrations are settled.
  '**/.git/{HEAD,packed-refs}',
  '**/.git/{logs/HEAD,refs/remotes/**,refs/tags/**}',
  // Descriptions of APIs, and code that holds queries.
  '**/*.{json,yaml,yml,graphql,graphqls,gql,proto}',
  '**/*.{rs,go,ts,tsx,mts,cts,js,jsx,mjs,cjs,py,java,kt}',
  '**/{sqitch.plan,sqitch.conf,atlas.sum,diesel.toml,metadata.toml,flyway.conf,flyway.toml,sqlx.toml,migration_lock.toml,go.mod,Cargo.toml,config.toml}',
];

const codeNames = /\.(?:[cm]?[jt]sx?|rs|go|py|java|kt)$/;
const readNames =
  /(?:\.(?:sql(?:\.(?:postgres(?:ql)?|pg(?:sql)?|psql))?|json|ya?ml|graphqls?|gql|proto)|\/(?:sqitch\.(?:plan|conf)|atlas\.sum|go\.mod|flyway\.conf|\w+\.toml))$/i;
/** Settings whose text decides which directories are projects. */
const namesProjects = /\/(?:\.mem8-upgrade\.yaml|sqlc\.(?:ya?ml|json)|dbt_project\.ya?ml)$/;
/** Folders in which much changes that no project reads. */
const noisyFolders = /\/(?:\.git|node_modules)(?:\/|$)/;

/** Whether a file tells which commit is checked out or what remotes have. */
export function isOfRepository(path: string): boolean {
  return /\/\.git\/(?:HEAD|packed-refs|logs\/HEAD|refs\/(?:remotes|tags)\/.*)$/.test(path);
}

export interface FileEvent {
  readonly path: string;
  readonly type: 'changed' | 'created' | 'deleted';
}

/** One batch of changes on disk, and which projects it concerns. */
export class FileChanges {
  readonly paths = new Set<string>();
  /** Created or deleted; perhaps folders, of which editors name only the uppermost. */
  readonly #moved = new Set<string>();
  /** Created or deleted, so that the names in their folders are others now. */
  readonly #renaming = new Set<string>();
  #mayMoveProjects = false;

  /** Takes what an editor says of its watched files; asks whether what was created is a folder. */
  static async of(events: readonly FileEvent[], files: Pick<Files, 'kind'>): Promise<FileChanges> {
    const changes = new FileChanges();
    for (const { path, type } of events) {
      if (noisyFolders.test(path)) continue;
      changes.paths.add(path);
      if (isManifestPath(path) || namesProjects.test(path)) changes.#mayMoveProjects = true;
      if (type === 'changed') continue;
      changes.#moved.add(path);
      const isCode = codeNames.test(path);
      const isFolder = type === 'created' && !isCode && !readNames.test(path) && (await files.kind(path)) === 'folder';
      if (isCode || isFolder || readNames.test(path)) changes.#renaming.add(path);
      if (isFolder || (!isCode && readNames.test(path))) changes.#mayMoveProjects = true;
    }
    return changes;
  }

  /** The text of an open document changed. */
  static edited(path: string): FileChanges {
    const changes = new FileChanges();
    changes.paths.add(path);
    return changes;
  }

  /** Whether there may be other projects now than those at `known`. */
  mayMoveProjects(known: Iterable<string>): boolean {
    return this.#mayMoveProjects || [...known].some((path) => isAtOrBelow(path, this.#moved));
  }

  /** Whether somebody who read these files would read something else now. */
  concern({ asked, listed }: RecordedFiles): boolean {
    for (const path of this.paths) if (asked.has(path)) return true;
    for (const path of this.#renaming) if (listed.has(parentFolder(path))) return true;
    if (this.#moved.size === 0) return false;
    return [...asked, ...listed].some((path) => isAtOrBelow(path, this.#moved));
  }
}
