import { listed } from '../../../../core/wording';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { workCausedBy } from '../support/lock-causes';
import { workFinding } from '../support/table-work';
import { columnTitle, sqlName, typeChangesIn } from '../support/type-changes';

export const check: Check = {
  id: 'type-change-rechecks-constraints',
  hazards: ['P18'],
  severity: 'warning',
  summary: 'Changes the type of a column, so that its CHECK constraints are checked again for every row.',
  looksInside: true,
  *statement(context) {
    const [change] = typeChangesIn(context);
    const works = (workCausedBy(context, 'type-change')?.works ?? []).filter(({ work }) => work === 'scan');
    const constraints = change ? recheckedOn(context, change.table) : [];
    if (!change || works.length === 0 || constraints.length === 0) return;
    const table = sqlName(change.table);
    const [noun, are, them] = constraints.length === 1 ? ['constraint', 'is', 'it'] : ['constraints', 'are', 'them'];
    const drops = constraints.map((name) => `DROP CONSTRAINT ${identifier(name)}`).join(', ');
    const adds = constraints.map((name) => `ADD CONSTRAINT ${identifier(name)} CHECK (...) NOT VALID`).join(', ');
    yield workFinding(context, works, {
      details: `The values of ${columnTitle(change)} do not change, but the ${noun} ${listed(constraints)} ${are} checked again for every row.`,
      advice: `Drop and add the ${noun} in the same statement, and validate ${them} in a later migration: ALTER TABLE ${table} ${drops}, ALTER COLUMN ${identifier(change.column)} TYPE ${change.type.text}, ${adds}; then ALTER TABLE ${table} VALIDATE CONSTRAINT ${identifier(constraints[0] ?? '')};`,
      range: change.range,
    });
  },
};

function recheckedOn({ observation }: StatementContext, table: string): string[] {
  const start = `constraint ${table}.`;
  return (observation?.changes ?? [])
    .filter(({ kind, object }) => kind === 'changed' && object.startsWith(start))
    .map(({ object }) => object.slice(start.length));
}
