import type { ColumnDef, Constraint } from '@pgsql/types';
import { identifier } from '../../../../databases/postgresql/sql/quoting';
import type { Fix } from '../../../../core/finding';
import type { TextRange } from '../../../../core/text';
import { alterTableCommands, fieldsOf, nameParts } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { constraintsOf, isFilled } from '../support/column-definitions';
import { displayName, failsInShadow, headOf, relationOf, tablesBornInUnit } from '../support/evidence';
import { fix } from '../support/fixes';
import { failsOnRows } from '../../support/rows-evidence';
import { nameIn, tokensOf } from '../support/statement-tokens';

export const check: Check = {
  id: 'required-column-without-default',
  hazards: ['P44'],
  severity: 'error',
  looksInside: true,
  summary: 'Adds a NOT NULL column without a default, which fails on a table with rows.',
  *statement(context) {
    const { statement, migration, project } = context;
    const alter = fieldsOf(statement.node, 'AlterTableStmt');
    if (!statement.node || alter?.objtype !== 'OBJECT_TABLE' || failsInShadow(context)) return;
    const table = relationOf(alter.relation);
    if (tablesBornInUnit(migration, project).has(table) || isEmptiedBefore(context, table)) return;
    const verified = failsOnRows(context, ['23502']);
    for (const { subtype, def } of alterTableCommands(statement.node)) {
      const column = fieldsOf(def, 'ColumnDef');
      if (subtype !== 'AT_AddColumn' || !column) continue;
      const name = column.colname ?? '';
      const required = constraintsOf(column).find(({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY');
      const isDomain = !required && verified && isOfDomain(column, context.observation?.rowsError?.message);
      if ((!required && !isDomain) || isFilled(column)) continue;
      const range = required ? requiredRange(context, required) : nameIn(statement, name);
      const rows = project.statistics?.tables.get(table)?.rows;
      yield {
        range: range ?? headOf(statement),
        cause: '',
        severity: rows === 0 ? 'info' : 'error',
        message: `Fails if ${displayName(table)} has rows: ${name} is ${required ? 'NOT NULL' : 'of a NOT NULL domain'} without a default`,
        details: rows ? `${displayName(table)} has ${rows.toLocaleString('en')} rows.` : undefined,
        advice: 'Give the column a default, or add it without NOT NULL, fill it, and add NOT NULL in a later release.',
        verified,
        fixes: range && required?.contype === 'CONSTR_NOTNULL' ? fixes(context, range, name) : [],
      };
    }
  },
};

/** True when an earlier statement of the script deletes every row of the table. */
function isEmptiedBefore({ script, statement }: StatementContext, table: string): boolean {
  return script.statements.some(({ node, start }) => {
    if (start >= statement.start) return false;
    const deletion = fieldsOf(node, 'DeleteStmt');
    if (deletion) return !deletion.whereClause && !deletion.usingClause && relationOf(deletion.relation) === table;
    return (fieldsOf(node, 'TruncateStmt')?.relations ?? []).some((relation) => relationOf(relation) === table);
  });
}

/** Whether the server refuses the rows because of the domain that the column has as its type. */
function isOfDomain(column: ColumnDef, message: string | undefined): boolean {
  const [, domain] = /^domain (\S+) does not allow null values$/.exec(message ?? '') ?? [];
  return domain !== undefined && nameParts(column.typeName).at(-1) === domain.replace(/^"|"$/g, '');
}

/** `NOT NULL` or `PRIMARY KEY`, with the name of the constraint where it has one. */
function requiredRange({ statement }: StatementContext, { location }: Constraint): TextRange | undefined {
  if (location === undefined) return undefined;
  const start = statement.offsetOf(location);
  const last = tokensOf(statement).find((token) => token.start >= start && /^(?:null|key)$/i.test(token.text));
  return last && { start, end: last.end };
}

function fixes(context: StatementContext, range: TextRange, name: string): Fix[] {
  const before = tokensOf(context.statement).findLast((token) => token.end <= range.start);
  const start = before?.end ?? range.start;
  return [fix(context, `Add ${identifier(name)} without NOT NULL`, [{ range: { start, end: range.end }, newText: '' }])];
}
