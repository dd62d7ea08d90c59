import type { ReleaseQuery } from '../../../compatibility/queries/release-query';
import { listedBriefly } from '../../../../core/wording';
import { fieldsOf, walk } from '../../../../databases/postgresql/sql/nodes';
import { parseStatements } from '../../../../databases/postgresql/sql/parser';
import type { Check } from '../../check';
import { headOf } from '../support/evidence';

/** Queries that one finding shows; more are counted. */
const shown = 5;

export const check: Check = {
  id: 'cached-plan-changes',
  hazards: ['M10'],
  severity: 'warning',
  summary: 'Changes the result columns of a query of a running release, which fails once where it is prepared.',
  *statement(context) {
    const changed = (context.migration.window?.changedResults ?? []).filter(({ statement }) => statement === context.index);
    const [first] = changed;
    if (!first) return;
    const releases = [...new Set(changed.map(({ release }) => release))];
    const names = [...new Set(changed.map(({ query }) => query.name))];
    const isOne = names.length === 1;
    const which = isOne ? names[0] : `${names[0]} and ${names.length - 1} more`;
    const advice = changed.some(({ query }) => returnsAll(query))
      ? 'Name the columns in the query instead of *, or let clients retry on 0A000.'
      : 'Let clients retry on 0A000, or prepare the query again.';
    yield {
      range: headOf(context.statement),
      message: `${which} of ${listedBriefly(releases, 1)} ${isOne ? 'fails' : 'fail'} once per connection: ${isOne ? 'its' : 'their'} columns change`,
      details: 'PostgreSQL refuses a prepared statement whose result columns change: cached plan must not change result type (0A000).',
      advice,
      related: changed.slice(0, shown).map(({ query, release }) => ({
        file: query.file,
        range: query.range,
        message: `${query.name} of release ${release} returns other columns after this statement.`,
      })),
    };
  },
};

/** True for a query with `*` among what it returns. */
function returnsAll({ sql }: ReleaseQuery): boolean {
  let found = false;
  for (const { node } of parseStatements(sql)) {
    walk(node, (type, inner) => {
      if (type === 'ColumnRef') found ||= (inner.fields ?? []).some((each) => fieldsOf(each, 'A_Star') !== undefined);
    });
  }
  return found;
}
