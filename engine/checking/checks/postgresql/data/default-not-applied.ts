import { fieldsOf, fieldsOfEach, walk } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { MigrationContext, ProjectContext } from '../../../context/context';
import { alteredTableInUse, columnsBornInUnit, displayName, headOf, lockEvidence, relationOf } from '../support/evidence';

export const check: Check = {
  id: 'default-not-applied',
  hazards: ['P68'],
  severity: 'hint',
  summary: 'Sets a computed default that applies to new rows only, and fills no existing rows.',
  looksInside: true,
  *statement(context) {
    const altered = alteredTableInUse(context);
    if (!altered) return;
    const { table, commands } = altered;
    const born = columnsBornInUnit(context.migration, context.project);
    for (const { subtype, name, def } of commands) {
      if (subtype !== 'AT_ColumnDefault' || name === undefined || !def || !callsFunction(def)) continue;
      if (born.has(`${table}.${name}`) || isFilled(context.migration, context.project, table, name)) continue;
      yield {
        range: headOf(context.statement),
        message: `Existing rows of ${displayName(table)} keep their ${name}: the default applies to new rows only`,
        advice: 'If existing rows need a value, fill them in batches in a migration of its own.',
        verified: lockEvidence(context) !== undefined,
      };
    }
  },
};

function callsFunction(expression: SqlNode): boolean {
  let calls = false;
  walk(expression, (...entry) => {
    if (entry[0] === 'FuncCall' || entry[0] === 'SQLValueFunction') calls = true;
  });
  return calls;
}

/** True when a statement of the same release sets the column in rows that are there. */
function isFilled(migration: MigrationContext, project: ProjectContext, table: string, column: string): boolean {
  return project.chain.some((member) => {
    const sameUnit = member === migration || (migration.release !== undefined && member.release === migration.release);
    return sameUnit && member.up.statements.some(({ node }) => setsColumn(node, table, column));
  });
}

function setsColumn(node: SqlNode | undefined, table: string, column: string): boolean {
  const update = fieldsOf(node, 'UpdateStmt');
  if (!update || relationOf(update.relation) !== table) return false;
  return fieldsOfEach(update.targetList, 'ResTarget').some(({ name }) => name === column);
}
