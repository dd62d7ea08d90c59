import { offsetIn } from '../compatibility/queries/release-query';
import type { DatabaseError } from '../shadow/observation';
import type { Check } from './check';

export const check: Check = {
  id: 'query-fails',
  hazards: ['M24'],
  group: 'manifest',
  severity: 'error',
  summary: 'A release sends a query that does not work with its own schema.',
  *project({ ownFailures = [], manifest }) {
    for (const { release, query, error, whenItWrites, worksFrom } of ownFailures) {
      const { range } = query;
      const start = error.offset === undefined || whenItWrites ? range.start : offsetIn(query, error.offset);
      const later =
        worksFrom === undefined
          ? 'Correct the query, or add a migration that makes it work to this release or an earlier one.'
          : `Only the migrations of release ${worksFrom} make it work: move what it needs to ${release} or an earlier release.`;
      const place = manifest?.manifest?.releases.findIndex(({ version }) => version === release) ?? -1;
      const index = manifest?.releaseIndexes[place] ?? place;
      yield {
        file: query.file,
        range: { start: Math.min(start, range.end), end: range.end },
        message: `Release ${release} fails here even when all of its migrations have run: ${whenItWrites ? writeFailure(error) : error.message}. ${later}`,
        related:
          manifest && index >= 0
            ? [
                {
                  file: manifest.path,
                  range: manifest.rangeOf(['releases', index, 'queries']),
                  message: `Release ${release} names its queries here.`,
                },
              ]
            : [],
      };
    }
  },
};

/** What the server says of a write, and in which function, as a trigger has it say things that the query has no word of. */
function writeFailure({ message, where }: DatabaseError): string {
  const routine = /function ([^\s(]+\([^)]*\))/.exec(where ?? '')?.[1];
  return routine === undefined ? message : `${message} (in ${routine})`;
}
