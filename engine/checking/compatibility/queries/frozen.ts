import type { ReleaseQuery } from './release-query';

/**
 * One SQL file with the queries of a release, for the repository: reading it again gives the same names and statements.
 * @param placeOf where a query comes from, as the file shall say it: a path and a line
 */
export function frozenQueries(queries: readonly ReleaseQuery[], placeOf: (query: ReleaseQuery) => string): string {
  const parts = queries.map((query) => {
    const name = query.name.replace(/[\s(]+/g, '-');
    return `-- name: ${name}\n-- from: ${placeOf(query).replace(/\s+/g, ' ')}\n${query.sql};\n`;
  });
  return parts.join('\n');
}
