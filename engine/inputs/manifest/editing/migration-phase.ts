import type { AlterTableType } from '@pgsql/types';
import { alterTableCommands, nodeType, type NodeType } from '../../../databases/postgresql/sql/nodes';
import type { ParsedStatement, SqlNode } from '../../../databases/postgresql/sql/statement';
import type { phases } from '../schema';

type Phase = (typeof phases)[number];

/** Statements that say nothing of the phase: settings, transactions, comments. */
const neutral: ReadonlySet<string> = new Set<NodeType>([
  'VariableSetStmt',
  'TransactionStmt',
  'CommentStmt',
  'SelectStmt',
  'LockStmt',
  'VacuumStmt',
]);
const migrating: ReadonlySet<string> = new Set<NodeType>([
  'UpdateStmt',
  'DeleteStmt',
  'InsertStmt',
  'CopyStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'ClusterStmt',
]);
const contracting: ReadonlySet<string> = new Set<NodeType>([
  'DropStmt',
  'TruncateStmt',
  'RenameStmt',
  'AlterObjectSchemaStmt',
  'DropOwnedStmt',
]);
const contractingCommands = new Set<AlterTableType>([
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_SetNotNull',
  'AT_AddConstraint',
  'AT_AddIndexConstraint',
]);
const expandingCommands = new Set<AlterTableType>(['AT_AddColumn', 'AT_ColumnDefault', 'AT_DropNotNull', 'AT_DropConstraint']);

/**
 * The phase that a script belongs to by what its statements do: it contracts when it takes away or forbids something, migrates
 * when it changes rows or validates, and expands when it only adds. Undefined where it does several of these, and where a
 * statement does not say.
 */
export function phaseOf(statements: readonly ParsedStatement[]): Phase | undefined {
  const found = new Set<Phase | undefined>();
  for (const { kind, node } of statements) {
    if (kind !== 'sql') continue;
    if (!node) return undefined;
    for (const phase of phasesOf(node)) found.add(phase);
  }
  const [phase, ...others] = [...found];
  return others.length > 0 ? undefined : phase;
}

function phasesOf(node: SqlNode): (Phase | undefined)[] {
  const type = nodeType(node);
  if (neutral.has(type)) return [];
  if (migrating.has(type)) return ['migrate'];
  if (contracting.has(type)) return ['contract'];
  if (type === 'AlterTableStmt') {
    return alterTableCommands(node).map(({ subtype, def }): Phase | undefined => {
      if (subtype === 'AT_ValidateConstraint') return 'migrate';
      if (subtype === 'AT_AddColumn' && JSON.stringify(def ?? {}).includes('CONSTR_NOTNULL')) return 'contract';
      if (contractingCommands.has(subtype)) return 'contract';
      return expandingCommands.has(subtype) ? 'expand' : undefined;
    });
  }
  return /^(Create|Index|View|DefineStmt|AlterEnumStmt|GrantStmt)/.test(type) ? ['expand'] : [undefined];
}
