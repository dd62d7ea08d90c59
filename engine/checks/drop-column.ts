import { alterTableCommands, fieldsOf } from '../sql/nodes';
import type { Check } from './check';
import { columnsBornInUnit, displayName, isInUse, lockEvidence, relationOf } from './support/evidence';
import { rangeOfName } from './support/removed-names';

export const check: Check = {
  id: 'drop-column',
  hazards: ['P61'],
  group: 'clients',
  severity: 'warning',
  summary: 'A column goes that earlier releases may still use, with everything in it.',
  looksInside: true,
  *statement(context) {
    const { statement, observation } = context;
    const alter = fieldsOf(statement.node, 'AlterTableStmt');
    if (!statement.node || alter?.['objtype'] !== 'OBJECT_TABLE' || observation?.error) return;
    const table = relationOf(alter['relation']);
    if (!isInUse(context, table)) return;
    for (const { subtype, name } of alterTableCommands(statement.node)) {
      if (subtype !== 'AT_DropColumn' || name === undefined) continue;
      if (columnsBornInUnit(context.migration, context.project).has(`${table}.${name}`)) continue;
      const evidence = lockEvidence(context);
      const isGone = evidence?.changes.some(({ kind, object }) => kind === 'dropped' && object === `column ${table}.${name}`);
      if (evidence && !isGone) continue;
      yield {
        range: rangeOfName(statement, 'drop(?:\\s+column)?', name),
        message: `Column ${displayName(table)}.${name} goes for good: releases that still use it fail, and a down script cannot bring the data back. Stop using it in one release and drop it in a later one.`,
        verified: evidence !== undefined,
      };
    }
  },
};
