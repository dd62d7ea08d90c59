import { alterTableCommands, asFields, fieldsOf } from '../sql/nodes';
import type { SqlNode } from '../sql/statement';
import type { Check, MigrationContext } from './check';
import { displayName, headOf, relationOf } from './support/evidence';
import { expectedWork } from './support/expected-work';
import { blocksWrites, lockTitles } from './support/table-work';

export const check: Check = {
  id: 'unsafe-down',
  hazards: ['P72'],
  group: 'rollback',
  severity: 'info',
  summary: 'The down script makes others wait, or fails on rows that were written after the upgrade.',
  *script({ script, statements }, migration) {
    if (script.direction !== 'down') return;
    const born = bornHere(migration);
    for (const statement of statements) {
      const { node } = statement;
      if (!node) continue;
      const works = expectedWork(node).filter(({ table, mode }) => !born.has(table) && blocksWrites(mode));
      const [work] = works;
      if (!work) continue;
      const table = displayName(work.table);
      const refuses = mayRefuseRows(node) ? ` It fails when rows were written since that it does not allow.` : '';
      yield {
        range: headOf(statement),
        cause: '',
        message: `A rollback is done under pressure, and this makes others wait: ${work.work === 'rewrite' ? `every row of ${table} is rewritten` : `all of ${table} is read`} (${lockTitles[work.mode]} lock).${refuses} Undo it in the way in which it would be done in an upgrade.`,
        verified: false,
      };
    }
  },
};

/** Tables that the up script creates or the down script makes anew: what the down does to them makes nobody wait. */
function bornHere({ up, down }: MigrationContext): Set<string> {
  const statements = [...up.statements, ...(down?.statements ?? [])];
  return new Set(
    statements.flatMap(({ node }) => {
      const created = fieldsOf(node, 'CreateStmt')?.['relation'] ?? asFields(fieldsOf(node, 'CreateTableAsStmt')?.['into'])?.['rel'];
      return created === undefined ? [] : relationOf(created);
    }),
  );
}

function mayRefuseRows(node: SqlNode): boolean {
  const refusing = new Set(['AT_SetNotNull', 'AT_AddConstraint', 'AT_AlterColumnType']);
  return alterTableCommands(node).some(({ subtype }) => refusing.has(subtype)) || fieldsOf(node, 'IndexStmt')?.['unique'] === true;
}
