import { listed } from '../core/wording';
import { type AlterTableCommand, asText, type Fields, fieldsOf, nameParts, walk } from '../sql/nodes';
import type { Check } from './check';
import { alteredTableInUse, columnsBornInUnit, displayName, earlierReleasesRun, headOf, lockEvidence } from './support/evidence';

export const check: Check = {
  id: 'tightened-column',
  hazards: ['P66'],
  group: 'clients',
  severity: 'info',
  summary: 'Rows that earlier releases still write are refused from now on.',
  looksInside: true,
  *statement(context) {
    const altered = alteredTableInUse(context);
    if (!altered || !earlierReleasesRun(context)) return;
    const { table, commands } = altered;
    const born = columnsBornInUnit(context.migration, context.project);
    const rules = commands.flatMap((command) => ruleOf(command, (column) => born.has(`${table}.${column}`)));
    if (rules.length === 0) return;
    yield {
      range: headOf(context.statement),
      cause: '',
      message: `Earlier releases that run beside this one get an error when they write ${displayName(table)} rows that ${listed(rules)}. Release code that obeys the rule first, and add the rule when no older release runs any more.`,
      verified: lockEvidence(context) !== undefined,
    };
  },
};

/** The columns that a CHECK is about. */
function columnsIn(constraint: Fields): string[] {
  const columns: string[] = [];
  walk({ Constraint: constraint }, (type, inner) => {
    if (type === 'ColumnRef') columns.push(nameParts(inner['fields']).at(-1) ?? '');
  });
  return columns;
}

/** What rows must not be like any more. NOT VALID changes nothing here: new rows are always checked. */
function ruleOf({ subtype, name, def }: AlterTableCommand, isBorn: (column: string) => boolean): string[] {
  if (subtype === 'AT_SetNotNull') return name !== undefined && !isBorn(name) ? [`have no ${name}`] : [];
  const constraint = subtype === 'AT_AddConstraint' ? fieldsOf(def, 'Constraint') : undefined;
  if (constraint?.['contype'] !== 'CONSTR_CHECK' || constraint['is_enforced'] === false) return [];
  const columns = columnsIn(constraint);
  if (columns.length > 0 && columns.every(isBorn)) return [];
  const title = asText(constraint['conname']);
  return [title === undefined ? 'fail the new CHECK' : `fail the CHECK ${title}`];
}
