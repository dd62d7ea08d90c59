import type { TextRange } from '../../../core/text';

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
  /** Which part of the file each part of `sql` comes from, in order. Without it, `sql` is what stands at `range`. */
  readonly pieces?: readonly SourcePiece[];
}

/** A part of `sql` from `at` to the next piece, and the part of the file that it was made from. */
export interface SourcePiece extends TextRange {
  /** Offset in `sql`. */
  readonly at: number;
}

/**
 * The offset in the file of an offset in `query.sql`, both in UTF-16 code units. Within what was written differently in the
 * file (a placeholder, an escape) it is the start of that.
 */
export function offsetIn(query: Pick<ReleaseQuery, 'sql' | 'range' | 'pieces'>, sqlOffset: number): number {
  const offset = Math.max(0, Math.min(sqlOffset, query.sql.length));
  const pieces = query.pieces ?? [{ at: 0, ...query.range }];
  let index = pieces.length - 1;
  while (index > 0 && (pieces[index]?.at ?? 0) > offset) index--;
  const piece = pieces[index];
  if (!piece) return query.range.start;
  if (offset === query.sql.length) return query.range.end;
  const length = (pieces[index + 1]?.at ?? query.sql.length) - piece.at;
  const isVerbatim = length === piece.end - piece.start;
  return Math.min(piece.end, isVerbatim ? piece.start + offset - piece.at : piece.start);
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
