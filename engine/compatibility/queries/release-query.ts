import type { TextRange } from '../../core/text';

/** One SQL statement that a release sends to the database, ready to be prepared. */
export interface ReleaseQuery {
  /** The name in a marker (`-- name: ListMemories`), or file and line: `memories.sql:12`. */
  readonly name: string;
  /** One statement without its closing semicolon; every parameter is written `$1`, `$2`, ... */
  readonly sql: string;
  /** Names of the parameters by position, where the source names them. */
  readonly parameters: readonly (string | undefined)[];
  /** Absolute path. */
  readonly file: string;
  /** The statement in the file, without quotes of the language around it. */
  readonly range: TextRange;
}

/** A place that looks like a query but cannot be used, and why: SQL put together at run time, a statement that does not parse. */
export interface UnusableQuery {
  readonly file: string;
  readonly range: TextRange;
  /** One sentence. */
  readonly reason: string;
}

/** Every query of a release, in the order of files and places. */
export interface ReleaseQueries {
  readonly release: string;
  readonly queries: readonly ReleaseQuery[];
  readonly unusable: readonly UnusableQuery[];
  /** Paths that the manifest names and that do not exist, as it writes them. */
  readonly missing: readonly string[];
}
