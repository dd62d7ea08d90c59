import { alterTableCommands, createdRelation, fieldsOf } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { MigrationContext } from '../../../context/context';
import { columnTypesAfter, type StatedType, statedType } from '../support/column-types';
import { displayName, headOf, relationOf } from '../support/evidence';
import { expectedWork } from '../support/expected-work';
import { blockedBy, blocksWrites, lockTitles } from '../support/table-work';
import { narrowingTo } from '../support/type-ranges';

export const check: Check = {
  id: 'unsafe-down',
  hazards: ['P72'],
  severity: 'info',
  summary: 'Blocks other sessions during a rollback, or fails on rows written after the upgrade.',
  *script({ script, statements }, migration, project) {
    if (script.direction !== 'down') return;
    const born = bornHere(migration);
    for (const statement of statements) {
      const { node } = statement;
      if (!node) continue;
      const works = expectedWork(node).filter(({ table, mode }) => !born.has(table) && blocksWrites(mode));
      const [work] = works;
      if (!work) continue;
      const table = displayName(work.table);
      const refuses = refusals(
        node,
        (column) => columnTypesAfter(project, migration).get(`${relationOf(fieldsOf(node, 'AlterTableStmt')?.relation)}.${column}`)?.type,
      );
      yield {
        range: headOf(statement),
        cause: '',
        message: `Rollback blocks ${blockedBy(work.mode)} ${table}: it ${work.work === 'rewrite' ? 'rewrites' : 'scans'} the table (${lockTitles[work.mode]})`,
        details: refuses || undefined,
        advice: 'Write the down script with the same care as an upgrade.',
        verified: false,
      };
    }
  },
};

/** Tables that the up script creates or the down script creates again: the down script blocks nothing there. */
function bornHere({ up, down }: MigrationContext): Set<string> {
  const statements = [...up.statements, ...(down?.statements ?? [])];
  return new Set(
    statements.flatMap(({ node }) => {
      const created = createdRelation(node);
      return created === undefined ? [] : relationOf(created);
    }),
  );
}

/** On which rows the statement fails, as sentences; empty when there are none. */
function refusals(node: SqlNode, typeOf: (column: string) => StatedType | undefined): string {
  const told = alterTableCommands(node).flatMap(({ subtype, name = '', def }) => {
    if (subtype === 'AT_SetNotNull') return `It fails if a row written since has no ${name}.`;
    if (subtype === 'AT_AddConstraint') return 'It fails if a row written since violates the constraint.';
    const to = subtype === 'AT_AlterColumnType' ? statedType(fieldsOf(def, 'ColumnDef')?.typeName) : undefined;
    const from = to && typeOf(name);
    if (!to) return [];
    if (!from) return `It fails if a value of ${name} does not fit ${to.text}.`;
    const narrowing = narrowingTo(from, to);
    if (!narrowing) return [];
    return narrowing.effect === 'stops'
      ? `It fails if a value of ${name} does not fit ${to.text}: ${narrowing.why}.`
      : `It changes values of ${name} without an error: ${narrowing.why}.`;
  });
  if (fieldsOf(node, 'IndexStmt')?.unique === true) told.push('It fails if rows written since have equal keys.');
  return [...new Set(told)].join(' ');
}
