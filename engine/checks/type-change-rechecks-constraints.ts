import { listed } from '../core/wording';
import { identifier } from '../sql/quoting';
import type { Check, StatementContext } from './check';
import { workCausedBy } from './support/lock-causes';
import { workFinding } from './support/table-work';
import { columnTitle, sqlName, typeChangesIn } from './support/type-changes';

export const check: Check = {
  id: 'type-change-rechecks-constraints',
  hazards: ['P18'],
  group: 'locks',
  severity: 'warning',
  summary: "A change of a column's type makes PostgreSQL check the column's CHECK constraints for every row again.",
  looksInside: true,
  *statement(context) {
    const [change] = typeChangesIn(context);
    const works = (workCausedBy(context, 'type-change')?.works ?? []).filter(({ work }) => work === 'scan');
    const constraints = change ? recheckedOn(context, change.table) : [];
    if (!change || works.length === 0 || constraints.length === 0) return;
    const table = sqlName(change.table);
    const drops = constraints.map((name) => `DROP CONSTRAINT ${identifier(name)}`).join(', ');
    const adds = constraints.map((name) => `ADD CONSTRAINT ${identifier(name)} CHECK (...) NOT VALID`).join(', ');
    const advice = `The values of ${columnTitle(change)} stay as they are, but ${listed(constraints)} ${constraints.length === 1 ? 'is' : 'are'} checked for every row again. Drop and add what is checked in the same command, and check it in a later migration: ALTER TABLE ${table} ${drops}, ALTER COLUMN ${identifier(change.column)} TYPE ${change.type.text}, ${adds}; then ALTER TABLE ${table} VALIDATE CONSTRAINT ${identifier(constraints[0] ?? '')};`;
    yield workFinding(context, works, { advice, range: change.range });
  },
};

function recheckedOn({ observation }: StatementContext, table: string): string[] {
  const start = `constraint ${table}.`;
  return (observation?.changes ?? [])
    .filter(({ kind, object }) => kind === 'changed' && object.startsWith(start))
    .map(({ object }) => object.slice(start.length));
}
