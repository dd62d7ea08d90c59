import { offsetIn } from '../../../compatibility/queries/release-query';
import type { DatabaseError } from '../../../../databases/observation';
import type { Check } from '../../check';
import { detailsOf, wordsOf } from '../support/failure-causes';

export const check: Check = {
  id: 'query-fails',
  hazards: ['M24'],
  severity: 'error',
  summary: 'Sends a query that fails on the schema of its own release.',
  *project({ ownFailures = [], manifest }) {
    for (const { release, query, error, whenItWrites, worksFrom } of ownFailures) {
      const { range } = query;
      const start = error.offset === undefined || whenItWrites ? range.start : offsetIn(query, error.offset);
      const routine = whenItWrites ? routineOf(error) : undefined;
      const details = [
        detailsOf(error),
        routine && `The error occurs in ${routine}.`,
        worksFrom === undefined
          ? `The query fails even after all migrations of ${release}.`
          : `The query works only after the migrations of ${worksFrom}.`,
      ];
      const place = manifest?.manifest?.releases.findIndex(({ version }) => version === release) ?? -1;
      const index = manifest?.releaseIndexes[place] ?? place;
      yield {
        file: query.file,
        range: { start: Math.min(start, range.end), end: range.end },
        message: `Fails in ${release}: ${wordsOf(error)}`,
        details: details.filter(Boolean).join(' '),
        advice:
          worksFrom === undefined
            ? `Correct the query, or add what it needs to the migrations of ${release} or an earlier release.`
            : `Move what the query needs from ${worksFrom} to ${release} or an earlier release.`,
        related:
          manifest && index >= 0
            ? [
                {
                  file: manifest.path,
                  range: manifest.rangeOf(['releases', index, 'queries']),
                  message: `${release} names its queries here.`,
                },
              ]
            : [],
      };
    }
  },
};

/** The function in which a write fails, because the error of a trigger says nothing about the query. */
function routineOf({ where }: DatabaseError): string | undefined {
  return /function ([^\s(]+\([^)]*\))/.exec(where ?? '')?.[1];
}
