import type { Constraint } from '@pgsql/types';
import { listed } from '../../../../core/wording';
import { type AlterTableCommand, fieldsOf, nameParts, walk } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import { alteredTableInUse, columnsBornInUnit, displayName, earlierReleasesRun, headOf, lockEvidence } from '../support/evidence';
import { refusesNullAlready } from '../support/not-null';

export const check: Check = {
  id: 'tightened-column',
  hazards: ['P66'],
  severity: 'info',
  summary: 'Refuses rows that earlier releases may still write.',
  looksInside: true,
  *statement(context) {
    const altered = alteredTableInUse(context);
    if (!altered || !earlierReleasesRun(context)) return;
    const { table, commands } = altered;
    const born = columnsBornInUnit(context.migration, context.project);
    const isBorn = (column: string): boolean => born.has(`${table}.${column}`);
    const rules = commands
      .filter(({ subtype, name = '' }) => subtype !== 'AT_SetNotNull' || !refusesNullAlready(context, { table, column: name }))
      .flatMap((command) => ruleOf(command, displayName(table), isBorn));
    const [first] = rules;
    if (first === undefined) return;
    yield {
      range: headOf(context.statement),
      cause: '',
      message: `Refuses ${rules.length === 1 ? first : `rows of ${displayName(table)}`}, which earlier releases may write`,
      details: rules.length > 1 ? `It refuses ${listed(rules)}.` : undefined,
      advice: `Release code that obeys the ${rules.length === 1 ? 'rule' : 'rules'} first, and tighten the table when no earlier release runs.`,
      verified: lockEvidence(context) !== undefined,
    };
  },
};

/** The columns that a CHECK is about. */
function columnsIn(constraint: Constraint): string[] {
  const columns: string[] = [];
  walk(constraint, (type, inner) => {
    if (type === 'ColumnRef') columns.push(nameParts(inner.fields).at(-1) ?? '');
  });
  return columns;
}

/** The rows that the command refuses. NOT VALID changes nothing here: new rows are always checked. */
function ruleOf({ subtype, name, def }: AlterTableCommand, table: string, isBorn: (column: string) => boolean): string[] {
  if (subtype === 'AT_SetNotNull') return name !== undefined && !isBorn(name) ? [`NULL in ${table}.${name}`] : [];
  const constraint = subtype === 'AT_AddConstraint' ? fieldsOf(def, 'Constraint') : undefined;
  if (constraint?.contype !== 'CONSTR_CHECK' || constraint.is_enforced === false) return [];
  const columns = columnsIn(constraint);
  if (columns.length > 0 && columns.every(isBorn)) return [];
  const title = constraint.conname;
  return [`rows of ${table} that violate ${title ?? 'the new CHECK'}`];
}
