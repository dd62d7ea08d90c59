import type { ReleaseQuery } from '../compatibility/queries/release-query';
import { listed } from '../core/wording';
import { asNodes, fieldsOf, walk } from '../sql/nodes';
import { parseStatements } from '../sql/parser';
import type { Check } from './check';
import { headOf } from './support/evidence';

/** Queries that one finding shows; more are counted. */
const shown = 5;

export const check: Check = {
  id: 'cached-plan-changes',
  hazards: ['M10'],
  group: 'clients',
  severity: 'warning',
  summary: 'Changes the columns that a query of a release that may still be running returns: where it is prepared, it fails once.',
  *statement(context) {
    const changed = (context.migration.window?.changedResults ?? []).filter(({ statement }) => statement === context.index);
    const [first] = changed;
    if (!first) return;
    const releases = [...new Set(changed.map(({ release }) => release))];
    const names = [...new Set(changed.map(({ query }) => query.name))];
    const which = names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names[0];
    const advice = changed.some(({ query }) => returnsAll(query))
      ? 'Name the columns in the query instead of *, or have clients retry on 0A000.'
      : 'Have clients retry on 0A000, or prepare the query again.';
    yield {
      range: headOf(context.statement),
      message: `Release ${listed(releases)} fails once per connection where it has prepared ${which}: cached plan must not change result type. ${advice}`,
      related: changed.slice(0, shown).map(({ query, release }) => ({
        file: query.file,
        range: query.range,
        message: `${query.name} of release ${release} returns other columns from here on.`,
      })),
    };
  },
};

/** True for a query with `*` among what it returns. */
function returnsAll({ sql }: ReleaseQuery): boolean {
  let found = false;
  for (const { node } of parseStatements(sql)) {
    if (!node) continue;
    walk(node, (type, inner) => {
      if (type === 'ColumnRef') found ||= asNodes(inner['fields']).some((each) => fieldsOf(each, 'A_Star') !== undefined);
    });
  }
  return found;
}
