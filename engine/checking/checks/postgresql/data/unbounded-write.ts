import type { DeleteStmt, UpdateStmt } from '@pgsql/types';
import { fieldsOf, nameParts, nodeEntry } from '../../../../databases/postgresql/sql/nodes';
import type { SqlNode } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import { displayName, headOf, isInUse, lockEvidence, relationOf } from '../support/evidence';
import { severityBySize, onceUnlessSized } from '../support/table-work';

export const check: Check = {
  id: 'unbounded-write',
  hazards: ['P70'],
  severity: 'warning',
  summary: 'Updates or deletes every row of a table in use in one statement.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    const update = fieldsOf(node, 'UpdateStmt');
    const write = update ?? fieldsOf(node, 'DeleteStmt');
    if (!write || context.observation?.error) return;
    const table = relationOf(write.relation);
    if (!isInUse(context, table)) return;
    const evidence = lockEvidence(context);
    const all = isUnfiltered(write);
    // A filter that the server cannot look up reads the whole table and may match most of it.
    if (!all && !(update && evidence?.scans.includes(table))) return;
    const rows = all ? 'every row' : 'all matching rows';
    const details = update
      ? 'Blocks other writes to those rows until the transaction ends, and bloats the table and its indexes.'
      : 'Blocks other writes to those rows until the transaction ends. A down script cannot restore them.';
    yield {
      range: headOf(context.statement),
      severity: all ? severityBySize(context, [table], 'warning') : 'hint',
      ...onceUnlessSized(context, [table], 1),
      message: `${update ? 'Updates' : 'Deletes'} ${rows} of ${displayName(table)} in one transaction`,
      details,
      advice: 'Work in batches by key, each in a transaction of its own.',
      verified: evidence !== undefined,
    };
  },
};

/** True without WHERE, and with one that every row passes: a constant, or a column compared with itself. */
function isUnfiltered({ whereClause: where, fromClause, usingClause }: Omit<UpdateStmt & DeleteStmt, 'relation'>): boolean {
  return where ? isAlwaysTrue(where) : !fromClause && !usingClause;
}

function isAlwaysTrue(expression: SqlNode): boolean {
  const [type, inner] = nodeEntry(expression);
  if (type === 'A_Const') return inner.boolval?.boolval === true;
  if (type !== 'A_Expr' || nameParts(inner.name)[0] !== '=') return false;
  const [left, right] = [inner.lexpr, inner.rexpr].map(withoutPlaces);
  return left === right;
}

function withoutPlaces(value: SqlNode | undefined): string {
  return JSON.stringify(value, (key, each: unknown) => (key === 'location' ? undefined : each));
}
