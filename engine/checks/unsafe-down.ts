import { alterTableCommands, fieldsOf, nodeType } from '../sql/nodes';
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
        message: `A rollback is done under pressure, and this makes others wait: ${work.work === 'rewrite' ? `every row of ${table} is rewritten` : `all of ${table} is read`} under a ${lockTitles[work.mode]} lock.${refuses} Undo it in the way in which it would be done in an upgrade.`,
        verified: false,
      };
    }
  },
};

/** Tables that the up script creates: what the down does to them hurts nobody any more. */
function bornHere({ up }: MigrationContext): Set<string> {
  return new Set(
    up.statements.flatMap(({ node }) =>
      node && nodeType(node) === 'CreateStmt' ? relationOf(fieldsOf(node, 'CreateStmt')?.['relation']) : [],
    ),
  );
}

function mayRefuseRows(node: Parameters<typeof nodeType>[0]): boolean {
  const refusing = new Set(['AT_SetNotNull', 'AT_AddConstraint', 'AT_AlterColumnType']);
  return alterTableCommands(node).some(({ subtype }) => refusing.has(subtype)) || fieldsOf(node, 'IndexStmt')?.['unique'] === true;
}
