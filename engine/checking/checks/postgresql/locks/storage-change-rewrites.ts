import type { AlterTableType } from '@pgsql/types';
import { alterTableCommands, fieldsOf, nodeType } from '../../../../databases/postgresql/sql/nodes';
import type { Check } from '../../check';
import type { StatementContext } from '../../../context/context';
import { tableNamed } from '../support/column-types';
import { failsInShadow, lockEvidence, tablesBornInUnit } from '../support/evidence';
import { workCausedBy } from '../support/lock-causes';
import { type TableWork, workFinding } from '../support/table-work';

export const check: Check = {
  id: 'storage-change-rewrites',
  hazards: ['P22'],
  severity: 'warning',
  summary: 'Moves a table to other storage, which copies the whole table and blocks its reads and writes.',
  looksInside: true,
  *statement(context) {
    const { node } = context.statement;
    if (!node) return;
    if (nodeType(node) === 'AlterTableMoveAllStmt') {
      yield workFinding(context, [], {
        severity: 'warning',
        verified: false,
        message: 'Blocks reads and writes of every table in the tablespace while it is copied',
        details: 'The tables are copied in turn, and each lock lasts until the last one is done.',
        advice,
      });
      return;
    }
    const subtype = alterTableCommands(node).find((command) => command.subtype in reasons)?.subtype;
    if (subtype === undefined) return;
    const works = workCausedBy(context, 'storage-change')?.works ?? expected(context);
    if (works.length > 0) yield workFinding(context, works, { details: reasons[subtype], advice });
  },
};

const reasons: { readonly [Type in AlterTableType]?: string } = {
  AT_SetLogged: 'The whole table is also written to the WAL and sent to every replica.',
  AT_SetUnLogged: 'An unlogged table is empty after a crash, and replicas do not have its rows.',
  AT_SetTableSpace: 'Every file of the table is copied to the other tablespace.',
  AT_SetAccessMethod: 'Every row is stored again by the new access method, and every index is rebuilt.',
};

const advice = 'Run it while the system is down, or fill a new table and swap the names.';

/** Embedded databases have no tablespaces and access methods but their own, so that a move to another one cannot be observed. */
function expected(context: StatementContext): TableWork[] {
  const { observation, statement } = context;
  const isUnknownPlace = observation?.error?.sqlstate === '42704' && /^(?:tablespace|access method) /.test(observation.error.message);
  const alter = fieldsOf(statement.node, 'AlterTableStmt');
  if (alter?.objtype !== 'OBJECT_TABLE' && alter?.objtype !== 'OBJECT_MATVIEW') return [];
  const table = tableNamed(context, alter.relation);
  if (tablesBornInUnit(context.migration, context.project).has(table)) return [];
  // A table that is only assumed to exist was made without regard to its storage, so that no rewrite means nothing.
  const isAssumed = context.migration.assumed.some(({ object }) => object === `table ${table}`);
  if ((lockEvidence(context) && !isAssumed) || (failsInShadow(context) && !isUnknownPlace)) return [];
  return [{ table, mode: 'AccessExclusive', work: 'rewrite', since: statement, verified: false }];
}
